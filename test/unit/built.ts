import { createRequire } from 'node:module';
import path from 'node:path';

const DIST = path.resolve(__dirname, '../../dist/nodes/GongCallAccess');

/**
 * A module of the node as n8n gets it: the built one, with the types of its source.
 * @param name path below the node's folder, without an extension
 */
export function built<Module>(name: string): Module {
	return createRequire(__filename)(path.join(DIST, `${name}.js`)) as Module;
}
