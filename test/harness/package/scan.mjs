/**
 * Runs n8n's scanner for community packages on a folder: `node scan.mjs <folder> source|published`. Prints the
 * result as JSON. A separate program, since the scanner is an ES module, which jest cannot load here.
 */
import { createRequire } from 'node:module';
import { Socket } from 'node:net';

// The check needs no network; a test that used one would pass on some machines only.
Socket.prototype.connect = () => {
	throw new Error('The scanner asked for the network');
};

const SCANNER = '@n8n/scan-community-package/scanner/scanner.mjs';
const { analyzePackage, SOURCE_FILE_PATTERNS } = await import(SCANNER);

// The scanner ignores warnings, and does not report how many files it checked.
const { ESLint } = createRequire(import.meta.resolve(SCANNER))('eslint');
const { lintFiles } = ESLint.prototype;
const results = [];
ESLint.prototype.lintFiles = async function (files) {
	const found = await lintFiles.call(this, files);
	results.push(...found);
	return found;
};

const [folder, kind] = process.argv.slice(2);
const { passed, message, details } = await analyzePackage(
	folder,
	// By default the scanner reads every code or JSON file of ours.
	kind === 'source' ? SOURCE_FILE_PATTERNS : undefined,
);
const findings = results.flatMap(({ filePath, messages }) =>
	messages.map(({ line, ruleId, message: text }) => `${filePath}:${line} ${ruleId}: ${text}`),
);
console.log(JSON.stringify({ passed, message, details, findings, files: results.length }));
