import path from 'node:path';

import ts from 'typescript';

import { PROJECT } from '../../test/harness/package/project';
import type { Say } from '../../test/harness/system/progress';
import { watchAssets } from '../lib/assets.cjs';

/** A build that goes on until it is closed. */
export interface NodeWatch {
	/** Resolves when the first build has been loaded, or when what is wrong with it has been said. */
	readonly settled: Promise<void>;
	close(): Promise<void>;
}

/**
 * Builds the node into `folder`, again after every change of its files, and calls `load` after each good build.
 * A build with errors changes nothing in `folder`: the errors are said, and the next good save is loaded.
 */
export function watchNode(folder: string, say: Say, load: () => Promise<void>): NodeWatch {
	let settle = () => {};
	const settled = new Promise<void>((resolve) => (settle = resolve));
	let hasAssets = false;
	let compiles = false;
	let closed = false;

	const loadBuild = async () => {
		if (!hasAssets || !compiles) return;
		try {
			await load();
			if (!closed) say(`${time()} The editor has the node as it is now.`);
		} catch (error) {
			if (!closed) say(`${time()} n8n could not load the node:\n${(error as Error).message}`);
		}
		settle();
	};

	const assets = watchAssets(folder, () => {
		hasAssets = true;
		void loadBuild();
	});
	const compiler = watchTypeScript(folder, say, (errorCount) => {
		compiles = errorCount === 0;
		if (compiles) return void loadBuild();
		say(`${time()} The editor keeps the node as it was. Save again when this is put right.`);
		settle();
	});
	return {
		settled,
		async close() {
			closed = true;
			compiler.close();
			await assets.close();
		},
	};
}

/** Compiles as `tsc --watch` does, into another folder; calls back after every time. */
function watchTypeScript(folder: string, say: Say, compiled: (errorCount: number) => void) {
	const format = process.stdout.isTTY
		? ts.formatDiagnosticsWithColorAndContext
		: ts.formatDiagnostics;
	const host: ts.FormatDiagnosticsHost = {
		getCurrentDirectory: () => PROJECT,
		getCanonicalFileName: (name) => name,
		getNewLine: () => ts.sys.newLine,
	};
	return ts.createWatchProgram(
		ts.createWatchCompilerHost(
			path.join(PROJECT, 'tsconfig.json'),
			{ outDir: folder, noEmitOnError: true },
			ts.sys,
			ts.createEmitAndSemanticDiagnosticsBuilderProgram,
			(diagnostic) => say(format([diagnostic], host).trimEnd()),
			// Without a number of errors it only says that it begins.
			(_status, _newLine, _options, errorCount) => {
				if (errorCount !== undefined) compiled(errorCount);
			},
			{ excludeDirectories: ['**/node_modules'] },
		),
	);
}

function time(): string {
	return new Date().toLocaleTimeString();
}
