'use strict';

// n8n finds the node and the credentials through the `n8n` key of package.json. This is for code that requires the package.
module.exports = {
	...require('./dist/credentials/GongApi.credentials.js'),
	...require('./dist/credentials/GongCallAccessOAuth2Api.credentials.js'),
	...require('./dist/nodes/GongCallAccess/GongCallAccess.node.js'),
};
