'use strict';

const { copyAssets } = require('./scripts/lib/assets.cjs');

exports.default = function assets() {
	return copyAssets('dist');
};
