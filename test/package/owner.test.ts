import { builtCredential } from '../harness/package/description';
import { filesIn, jsonOf, type PackageJson, PROJECT, textOf } from '../harness/package/project';

interface Codex {
	readonly node: string;
	readonly resources: Readonly<Record<string, readonly { readonly url: string }[]>>;
}

const { name, author, homepage, repository, n8n } = jsonOf<PackageJson>('package.json');

/** The project's address in package.json: the one place to change it. */
const HOME = repository.url.replace(/^git\+/, '').replace(/\.git$/, '');
/** Any address of a repository of this name, with any owner. */
const HOMES = new RegExp(`https://github\\.com/[\\w.-]+/${name}(?![\\w-])`, 'g');

// Files that may contain the address, without the built files.
const CARRIERS = ['nodes', 'credentials', 'docs', '.github']
	.flatMap((folder) => filesIn(`${PROJECT}/${folder}`).map((file) => `${folder}/${file}`))
	.concat('README.md', 'SECURITY.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'package.json');

describe('the name under which the package is published', () => {
	it('has an address on GitHub, in the form that npm and its provenance require', () => {
		expect(repository).toEqual({ type: 'git', url: `git+${HOME}.git` });
		expect(HOME).toMatch(new RegExp(`^https://github\\.com/[\\w.-]+/${name}$`));
		expect(homepage).toBe(`${HOME}#readme`);
	});

	it('has an author with an e-mail address', () => {
		expect(author.name).toMatch(/\S/);
		expect(author.email).toMatch(/^[^@\s]+@[^@\s]+\.[a-z]+$/);
	});

	it('is the same in every file that contains it', () => {
		const others = CARRIERS.flatMap((file) =>
			[...new Set(textOf(file).match(HOMES))]
				.filter((home) => home !== HOME)
				.map((home) => `${file}: ${home}`),
		);
		expect(others).toEqual([]);
	});

	it.each(n8n.credentials)('is where the documentation of %s is', (file) => {
		const { documentationUrl } = builtCredential(file);
		expect(documentationUrl?.split('#')[0]).toBe(HOME);
	});

	it("is where the documentation in the node's codex is", () => {
		for (const file of n8n.nodes) {
			const source = file.replace(/^dist\//, '').replace(/\.js$/, '.json');
			const { node, resources } = jsonOf<Codex>(source);
			expect(node).toMatch(new RegExp(`^${name}\\.`));
			const urls = Object.values(resources).flatMap((links) => links.map(({ url }) => url));
			expect(urls.length).toBeGreaterThan(0);
			expect(urls.filter((url) => url.split('#')[0] !== HOME)).toEqual([]);
		}
	});

	it('links only to headings that the README has', () => {
		const links = CARRIERS.flatMap((file) =>
			[...textOf(file).matchAll(new RegExp(`${HOME}#([\\w-]+)`, 'g'))].map(([, anchor]) => anchor),
		);
		const headings = [...textOf('README.md').matchAll(/^#+ (.*)$/gm)].map(([, text]) =>
			text
				.toLowerCase()
				.replace(/[^\w\s-]/g, '')
				.replace(/\s/g, '-'),
		);
		const missing = links.filter((link) => link !== 'readme' && !headings.includes(link));
		expect(missing).toEqual([]);
	});

	it('is listed in docs/maintaining/publishing.md with every file that contains it', () => {
		const page = textOf('docs/maintaining/publishing.md');
		const carrying = CARRIERS.filter((file) => textOf(file).includes(HOME));
		expect(carrying.filter((file) => !page.includes(`\`${file}\``))).toEqual([]);
	});
});
