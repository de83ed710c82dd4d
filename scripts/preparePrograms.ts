/**
 * `node scripts/run.mjs programs [chromium] [redis] [postgres]`: installs programs that some tests need and npm
 * does not install, if it may; otherwise says how to get them. Without names: all of them.
 */
import {
	CHROMIUM,
	installPrograms,
	POSTGRES,
	type Program,
	REDIS,
} from '../test/harness/system/programs';

const KNOWN: Readonly<Record<string, Program>> = {
	chromium: CHROMIUM,
	redis: REDIS,
	postgres: POSTGRES,
};

const named = process.argv.slice(2);
const wanted = (named.length > 0 ? named : Object.keys(KNOWN)).map((name) => {
	if (!Object.hasOwn(KNOWN, name))
		throw new Error(`Known programs: ${Object.keys(KNOWN).join(', ')}.`);
	return KNOWN[name];
});
const missing = installPrograms(wanted, console.log);
if (missing.length > 0 && process.env.GONG_REQUIRE_PROGRAMS === '1') process.exitCode = 1;
