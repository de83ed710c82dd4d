import { readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import path from 'node:path';

/** The project's folder. */
export const PROJECT = path.resolve(__dirname, '../../..');

/** The fields of package.json that the tests check. */
export interface PackageJson {
	readonly name: string;
	readonly version: string;
	readonly license: string;
	readonly keywords: readonly string[];
	readonly homepage: string;
	readonly author: { readonly name: string; readonly email: string };
	readonly repository: { readonly type: string; readonly url: string };
	readonly main: string;
	readonly n8n: { readonly credentials: readonly string[]; readonly nodes: readonly string[] };
	readonly scripts: Readonly<Record<string, string>>;
	readonly dependencies?: unknown;
	readonly peerDependencies: Readonly<Record<string, string>>;
	readonly devDependencies: Readonly<Record<string, string>>;
}

/** The text of a file, by its path from the project's folder. */
export function textOf(file: string): string {
	return readFileSync(path.join(PROJECT, file), 'utf8');
}

/** The content of a JSON file, by its path from the project's folder. */
export function jsonOf<Content>(file: string): Content {
	return JSON.parse(textOf(file)) as Content;
}

const NOT_COPIED = ['.git', 'node_modules', 'dist', 'coverage'];

/** Copies the project into an empty folder, for a test that changes its files. It shares what is installed. */
export async function copyProject(folder: string): Promise<void> {
	const filter = (source: string) => !NOT_COPIED.includes(path.relative(PROJECT, source));
	await cp(PROJECT, folder, { recursive: true, filter });
	symlinkSync(path.join(PROJECT, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
}

/** The files below a folder, by their paths from it, with `/` between. */
export function filesIn(folder: string): string[] {
	return readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
		.map((file) => file.split(path.sep).join('/'))
		.sort();
}
