import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** A program that npm does not install. */
export interface Program {
	readonly name: string;
	/** The environment variable with its path, for users who keep it elsewhere. */
	readonly variable: string;
	/** The Debian package that contains it. */
	readonly debianPackage: string;
	/** Its names on the PATH, and further folders to search. */
	readonly names: readonly string[];
	readonly folders: () => readonly string[];
}

export const CHROMIUM: Program = {
	name: 'Chromium',
	variable: 'GONG_CHROMIUM',
	debianPackage: 'chromium',
	names: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
	folders: () => [
		'/Applications/Chromium.app/Contents/MacOS',
		'/Applications/Google Chrome.app/Contents/MacOS',
	],
};

export const REDIS: Program = {
	name: 'Redis',
	variable: 'GONG_REDIS_SERVER',
	debianPackage: 'redis-server',
	names: ['redis-server', 'valkey-server'],
	folders: () => ['/usr/local/bin', '/opt/homebrew/bin'],
};

/** The server; `initdb` is beside it. */
export const POSTGRES: Program = {
	name: 'PostgreSQL',
	variable: 'GONG_POSTGRES',
	debianPackage: 'postgresql',
	names: ['postgres'],
	// Debian keeps it off the PATH, in a folder for each version; the newest comes first.
	folders: () => {
		const debian = '/usr/lib/postgresql';
		const versions = existsSync(debian) ? readdirSync(debian) : [];
		return [
			...versions.sort((a, b) => Number(b) - Number(a)).map((v) => path.join(debian, v, 'bin')),
			'/usr/local/bin',
			'/opt/homebrew/bin',
		];
	},
};

/** Its path, or nothing if it is not installed. */
export function findProgram(program: Program): string | undefined {
	const named = process.env[program.variable];
	if (named) return named;
	const folders = [...(process.env.PATH ?? '').split(path.delimiter), ...program.folders()];
	const extension = process.platform === 'win32' ? '.exe' : '';
	return folders
		.flatMap((folder) => program.names.map((name) => path.join(folder, name + extension)))
		.find((file) => path.isAbsolute(file) && existsSync(file));
}

/** How to install it, in a sentence. */
export function howToGet(program: Program): string {
	return `${program.name} is not on this machine. On Debian and Ubuntu: "apt-get install ${program.debianPackage}" (as root). Elsewhere: set ${program.variable} to where it is.`;
}

/**
 * The reason for skipping tests that need these programs, for their titles; empty if they run. With
 * GONG_REQUIRE_PROGRAMS=1 they always run, and so fail if a program is missing.
 */
export function skippedFor(...programs: readonly Program[]): string {
	if (process.env.GONG_REQUIRE_PROGRAMS === '1') return '';
	const missing = programs.filter((program) => findProgram(program) === undefined);
	return missing.length === 0 ? '' : ` (SKIPPED: ${missing.map(howToGet).join(' ')})`;
}

/** Installs missing programs as root on Debian; says what it did or why not. Returns those still missing. */
export function installPrograms(
	programs: readonly Program[],
	say: (line: string) => void,
): readonly Program[] {
	const missing = () => programs.filter((program) => findProgram(program) === undefined);
	const wanted = missing();
	if (wanted.length === 0) return [];
	if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
		for (const program of wanted) say(howToGet(program));
		return wanted;
	}
	const packages = wanted.map(({ debianPackage }) => debianPackage);
	say(`Installing ${packages.join(', ')} from Debian's packages …`);
	const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
	for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...packages]]) {
		const { status, stderr, stdout } = spawnSync('apt-get', ['-q', ...args], {
			env,
			encoding: 'utf8',
		});
		if (status !== 0) {
			say(`"apt-get ${args.join(' ')}" failed:\n${stdout.slice(-1_000)}${stderr}`);
			break;
		}
	}
	return missing();
}
