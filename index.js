'use strict';

// n8n finds the node and the credential through the `n8n` key of package.json; this is for whoever requires the package.
module.exports = {
	...require('./dist/credentials/GongApi.credentials.js'),
	...require('./dist/credentials/GongCallAccessOAuth2Api.credentials.js'),
	...require('./dist/nodes/GongCallAccess/GongCallAccess.node.js'),
};
