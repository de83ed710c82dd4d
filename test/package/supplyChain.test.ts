import { jsonOf, type PackageJson, textOf } from '../harness/package/project';

interface Locked {
	readonly version?: string;
	readonly resolved?: string;
	readonly integrity?: string;
	readonly devDependencies?: Readonly<Record<string, string>>;
	readonly peerDependencies?: Readonly<Record<string, string>>;
}

const EXACT = /^(npm:(@[\w-]+\/)?[\w.-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/;
const REGISTRY = 'https://registry.npmjs.org/';
const AT_INSTALL = [
	'preinstall',
	'install',
	'postinstall',
	'preprepare',
	'prepare',
	'postprepare',
	'prepublish',
];

const packageJson = jsonOf<PackageJson>('package.json');
const { lockfileVersion, packages } = jsonOf<{
	lockfileVersion: number;
	packages: Record<string, Locked>;
}>('package-lock.json');
const locked = Object.entries(packages).filter(([folder]) => folder !== '');

describe('the dependencies of the project', () => {
	it('are tools in exact versions', () => {
		const loose = Object.entries(packageJson.devDependencies).filter(
			([, version]) => !EXACT.test(version),
		);
		expect(loose).toEqual([]);
	});

	it('include nothing at run time but n8n-workflow, which n8n provides', () => {
		expect(packageJson.dependencies).toBeUndefined();
		expect(packageJson.peerDependencies).toEqual({ 'n8n-workflow': '*' });
	});

	it('are locked, every package by its checksum and all from the npm registry', () => {
		expect(lockfileVersion).toBe(3);
		expect(locked.length).toBeGreaterThan(0);
		const open = locked.filter(
			([, { version, resolved = REGISTRY, integrity }]) =>
				!version || !integrity?.startsWith('sha512-') || !resolved.startsWith(REGISTRY),
		);
		expect(open.map(([folder]) => folder)).toEqual([]);
	});

	it('are locked as package.json lists them', () => {
		const { devDependencies, peerDependencies } = packages[''];
		expect({ devDependencies, peerDependencies }).toEqual({
			devDependencies: packageJson.devDependencies,
			peerDependencies: packageJson.peerDependencies,
		});
	});

	it('have their lock file in git', () => {
		expect(textOf('.gitignore')).not.toMatch(/lock/);
	});

	it('run no script when they are installed', () => {
		expect(textOf('.npmrc')).toMatch(/^ignore-scripts=true$/m);
		expect(textOf('.npmrc')).toMatch(/^save-exact=true$/m);
		expect(textOf('.npmrc')).not.toMatch(/registry|_auth/i);
	});

	it('run no script of ours when the package is installed', () => {
		expect(AT_INSTALL.filter((script) => script in packageJson.scripts)).toEqual([]);
	});
});
