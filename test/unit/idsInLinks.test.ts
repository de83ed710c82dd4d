import fc from 'fast-check';
import { readableIds } from '../../nodes/GongCallAccess/parameters/ids';
import { outcomeOf } from './idsRead';

const A = '7782342274025937895';
const B = '7263518490127735046';
const HOST = 'https://app.gong.io';
const LINK = `${HOST}/call?id=${A}`;
const JSON_OF_SNIPPET = '[{"type":"SHARE","from":70,"to":147}]';
const ESCAPED = encodeURIComponent(JSON_OF_SNIPPET);

describe('links to calls', () => {
	test.each<[string, string]>([
		['to the call', LINK],
		['on the own host', `https://us-12345.app.gong.io/call?id=${A}`],
		['with http', `http://app.gong.io/call?id=${A}`],
		['with a slash behind the path', `${HOST}/call/?id=${A}`],
		['with other values before and behind', `${HOST}/call?account-id=${B}&id=${A}&xtid=${B}`],
		['to the transcript', `${HOST}/call/pretty-transcript?call-id=${A}`],
		[
			'to the transcript, on the own host',
			`https://eu-1.app.gong.io/call/pretty-transcript?x=1&call-id=${A}`,
		],
		['for embedding', `${HOST}/embedded-call?call-id=${A}`],
		['for embedding, with a slash', `${HOST}/embedded-call/?call-id=${A}&autoplay=1`],
		['to a moment', `${LINK}&t=12`],
		['to two moments', `${LINK}&t=12,13`],
		['to several moments', `${LINK}&t=12,13,14;15`],
		['to a place on the page', `${LINK}#t=5,6`],
		['to a snippet', `${LINK}&highlights=${JSON_OF_SNIPPET}`],
		['to a snippet, before the ID', `${HOST}/call?highlights=${JSON_OF_SNIPPET}&id=${A}`],
		['to a snippet, escaped', `${LINK}&highlights=${ESCAPED}`],
		['to a snippet, as Chrome shows it', `${LINK}&highlights=${encodeURI(JSON_OF_SNIPPET)}`],
		[
			'to a snippet whose quotes alone are escaped',
			`${LINK}&highlights=${JSON_OF_SNIPPET.replaceAll('"', '%22')}`,
		],
		[
			'to two snippets, in milliseconds',
			`${LINK}&highlights=[{"from":7000000,"to":8000000},{"from":9000000,"to":9900000}]`,
		],
		['to a snippet that holds an ID', `${LINK}&highlights=[{"by":"${B}","from":70}]`],
		['to a snippet that holds an ID, escaped', `${LINK}&h=%5B%7B%22by%22%3A%22${B}%22%7D%5D`],
		[
			'to a snippet, out of HTML',
			`${LINK}&amp;highlights=${JSON_OF_SNIPPET.replaceAll('"', '&quot;')}`,
		],
		['out of HTML', `${HOST}/call?x=1&amp;id=${A}&amp;y=2`],
		['out of HTML, with a number', `${HOST}/call?x=1&#38;id=${A}`],
		['out of HTML, with a number in hex', `${HOST}/call?x=1&#X26;id=${A}`],
		['out of HTML, escaped twice', `${HOST}/call?x=1&amp;amp;id=${A}`],
		['of Slack', `<${LINK}>`],
		['of Slack with a title', `<${LINK}|Q3 review, with ACME>`],
		['of Slack with numbers in the title', `<${LINK}|Call 15, 2026-11-05 ${B}>`],
		['of Slack with itself as title', `<${LINK}|${LINK}>`],
		['of Slack with a shortened title', `<${LINK}|app.gong.io/call?id=7782...>`],
		['of Slack with escapes', `<${HOST}/call?x=1&amp;id=${A}|R&amp;D &lt;&gt;>`],
		['of Slack with an empty title', `<${LINK}|>`],
		['of Slack with bars in the title', `<${LINK}|Call | ACME | ${B}>`],
		['of Slack to a snippet', `<${LINK}&amp;highlights=${ESCAPED}|Snippet, 1:10>`],
		['of Markdown', `[Q3 review](${LINK})`],
		['of Markdown with commas and numbers in the title', `[Call 15, ${B}; 16](${LINK})`],
		['of Markdown with brackets in the title', `[Q3 [draft] review](${LINK})`],
		['of Markdown with escaped brackets', `[Q3 \\[draft\\] review](${LINK})`],
		['of Markdown with a hint', `[Q3](${LINK} "Call, 12")`],
		['of Markdown with a hint in single quotes', `[Q3](${LINK} 'Call, 12')`],
		['of Markdown with angle brackets', `[Q3](<${LINK}>)`],
		['of Markdown with itself as title', `[${LINK}](${LINK})`],
		['of Markdown with its ID as title', `[${A}](${LINK})`],
		['of Markdown without a title', `[](${LINK})`],
		['of Markdown to a snippet', `[Snippet](${LINK}&highlights=${ESCAPED})`],
		['of Markdown, automatic', `<${LINK}>`],
		['as plain text of Gmail and Outlook has it', `${LINK} <${LINK}>`],
		['as plain text of Outlook has it, without a space', `${LINK}<${LINK}>`],
		['behind its own ID', `${A} <${LINK}>`],
		['with a comma behind it', `${LINK},`],
		['with a semicolon behind it', `${LINK};`],
	])('%s name the call and nothing else', (_form, text) => {
		expect(outcomeOf(text, 'call')).toEqual([A]);
		expect(outcomeOf([text], 'call')).toEqual([A]);
		expect(outcomeOf(JSON.stringify([text]), 'call')).toEqual([A]);
		expect(outcomeOf(`${B}\n${text}`, 'call')).toEqual([B, A]);
		expect(readableIds(text, 'call')).toEqual({ ids: [A], complete: true });
	});

	const other = `${HOST}/call?id=${B}`;

	test.each<[string, string]>([
		['with a comma', `${LINK},${other}`],
		['with a comma, and values behind', `${LINK}&t=12,13,${other}`],
		['with a semicolon', `${LINK};${other}`],
		['with a comma and a space', `${LINK}, ${B}`],
		['with a space', `${LINK}&t=12,13 ${B}`],
		['with a tab', `${LINK}\t${B}`],
		['with a new line', `${LINK}&t=1\n${B}`],
		['with a no-break space', `${LINK}\u00a0${other}`],
		['in Slack', `<${LINK}|a, b> <${other}|c>`],
		['in Slack, with a comma', `<${LINK}|a>,<${other}|c>`],
		['in Markdown', `[a, b](${LINK}), [c](${other})`],
		['in Markdown, with a comma', `[a](${LINK}),[c](${other})`],
		['as a link before one of Markdown', `${LINK},[c](${other})`],
		['as a link before one of Slack', `${LINK},<${other}|c>`],
		['as a list of Markdown text', `[a](${LINK})\n[c](${other})`],
	])('several are all read: %s', (_how, text) => {
		expect(outcomeOf(text, 'call')).toEqual([A, B]);
	});

	test.each<[string, string, string]>([
		['an ID behind the ID and a comma', `${LINK},${B}`, 'in two ways'],
		['an ID behind a value and a comma', `${LINK}&t=1,${B}`, 'in two ways'],
		['an ID in quotes behind a comma', `${LINK}&t=1,"${B}"`, 'in two ways'],
		['an ID behind a semicolon', `${LINK}&t=1;${B}`, 'in two ways'],
		['an ID behind a bar', `${LINK}&t=1|${B}`, 'in two ways'],
		['an ID behind a slash', `${LINK}&t=1/${B}`, 'in two ways'],
		['an ID behind a plus', `${LINK}&t=1+${B}`, 'in two ways'],
		['an ID behind a full-width comma', `${LINK}&t=1，${B}`, 'in two ways'],
		['an ID behind an ampersand', `${LINK}&${B}`, 'in two ways'],
		['an ID behind a snippet', `${LINK}&highlights=${JSON_OF_SNIPPET},${B}`, 'in two ways'],
		['an ID of six digits behind a comma', `${LINK}&t=1,123456`, 'in two ways'],
		['a number in groups behind a comma', `${LINK}&t=1,234,599,484,848,423`, 'in two ways'],
		['one with points behind a comma', `${LINK}&t=1,234.599.484.848.423`, 'in two ways'],
		['a link without a scheme behind it', `${LINK}&t=1,app.gong.io/call?id=${B}`, 'in two ways'],
		['another ID before a link in brackets', `${B} <${LINK}>`, 'in two ways'],
		['another link before one in brackets', `${other}<${LINK}>`, 'in two ways'],
		['a short number beside it', `${LINK} 13`, 'short number'],
		['JSON with spaces', `${LINK}&h=[{"from": 70, "to": 147}]`, 'not a call ID'],
		['a title before it', `Q3 review <${LINK}>`, 'not a call ID: "Q3'],
		['an anchor of HTML', `<a href="${LINK}">${B}</a>`, 'not a call ID: "<a href'],
		['a formula of a sheet', `=HYPERLINK("${LINK}","${B}")`, 'not a call ID: "=HYPERLINK'],
		['a formula of a sheet in Europe', `=HYPERLINK("${LINK}";"${B}")`, 'not a call ID'],
		['quotes, as CSV has them', `"${LINK}"`, 'not a call ID'],
		['parentheses', `(${LINK})`, 'not a call ID'],
		['an image of Markdown', `![a](${LINK})`, 'not a call ID'],
		['a reference of Markdown', `[a]: ${LINK}`, 'not a valid one'],
		['a link of Jira', `[a|${LINK}]`, 'not a valid one'],
		['a link of MediaWiki', `[${LINK} a]`, 'not a valid one'],
		['a link of Org mode', `[[${LINK}][a]]`, 'not a valid one'],
		['a link of AsciiDoc', `${LINK}[a]`, 'without a call ID'],
		['BBCode', `[url=${LINK}]a[/url]`, 'not a valid one'],
		['a full stop behind it', `${LINK}.`, 'without a call ID'],
		['no scheme', `app.gong.io/call?id=${A}&t=12,13`, 'not a call ID'],
		['quoted-printable', `${HOST}/call?id=3D${A}`, 'without a call ID'],
		['a call in a list', `${HOST}/calls?id=${A}`, 'without a call ID'],
		['the wrong name for the ID', `${HOST}/call/pretty-transcript?id=${A}`, 'without a call ID'],
		['two IDs for embedding', `${HOST}/embedded-call?call-id=${A}&call-id=${B}`, 'without a call'],
		['a fragment alone', `${HOST}/#/call?id=${A}`, 'without a call ID'],
		['a link that breaks off', `${HOST}/call/pretty-transcript?call-`, 'without a call ID'],
		['Slack and somebody else’s link', `<https://x.example/call?id=${A}|a>`, "not Gong's"],
		['Markdown and somebody else’s link', `[a](https://x.example/call?id=${A})`, "not Gong's"],
		[
			'a safe link of Outlook',
			`https://nam02.safelinks.protection.outlook.com/?url=${encodeURIComponent(LINK)}&data=05%7C638000000000000000`,
			"not Gong's",
		],
		[
			'a link through Google',
			`https://www.google.com/url?q=${HOST}/call?id%3D${A}&ust=1700000000000000`,
			"not Gong's",
		],
		['a Slack link that does not close', `<${LINK}|a`, 'not a call ID: "<"'],
		['a mention of Slack', `${LINK} <@U012345>`, 'not a call ID: "<@U012345>"'],
		['a telephone of Slack', `<tel:+${B}|${B}>`, 'not a call ID'],
	])('with %s are refused in words', (_what, text, words) => {
		expect(outcomeOf(text, 'call')).toContain(words);
		expect(readableIds(text, 'call').complete).toBe(false);
	});

	test('are no users', () => {
		for (const text of [LINK, `<${LINK}|a>`, `[a](${LINK})`, `${LINK}&t=12,13`]) {
			expect(outcomeOf(text, 'user')).toContain('not a user ID');
		}
	});
});

describe('people as Slack and Markdown write them', () => {
	test.each<[string, string, string[]]>([
		['Slack', '<mailto:ana@x.io|ana@x.io>', ['ana@x.io']],
		['Slack with a name', '<mailto:ana@x.io|Ana B>', ['ana@x.io']],
		['Slack in capitals', '<mailto:Ana@X.io|ana@x.io>', ['ana@x.io']],
		['Slack without a title', '<mailto:ana@x.io>', ['ana@x.io']],
		['Slack with a subject', '<mailto:ana@x.io?subject=Hi|ana@x.io>', ['ana@x.io']],
		['Slack with the scheme in the title', '<mailto:ana@x.io|mailto:ana@x.io>', ['ana@x.io']],
		['Slack with an empty title', '<mailto:ana@x.io|>', ['ana@x.io']],
		['Slack behind a name', 'Ana B <mailto:ana@x.io|ana@x.io>', ['ana@x.io']],
		[
			'Slack, several',
			'<mailto:ana@x.io|ana@x.io> <mailto:bo@x.io|Bo>, <mailto:cy@x.io|cy@x.io>',
			['ana@x.io', 'bo@x.io', 'cy@x.io'],
		],
		['Slack beside an ID', `<mailto:ana@x.io|ana@x.io>, ${B}`, ['ana@x.io', B]],
		['Markdown', '[ana@x.io](mailto:ana@x.io)', ['ana@x.io']],
		['Markdown with a name', '[Ana B](mailto:ana@x.io)', ['ana@x.io']],
		['Markdown with a comma in the name', '[B, Ana](mailto:ana@x.io)', ['ana@x.io']],
		['Markdown with an escape', '[ana\\_b@x.io](mailto:ana_b@x.io)', ['ana_b@x.io']],
		['Markdown with a hint', '[Ana](mailto:ana@x.io "Write, 12")', ['ana@x.io']],
		['Markdown with angle brackets', '[Ana](<mailto:ana@x.io>)', ['ana@x.io']],
		['Markdown with percent signs', '[Ana](mailto:ana%2Bb@x.io)', ['ana+b@x.io']],
		['Markdown, automatic', '<ana@x.io>', ['ana@x.io']],
		[
			'Markdown, several',
			'[a](mailto:ana@x.io), [b](mailto:bo@x.io)\n[c](mailto:cy@x.io)',
			['ana@x.io', 'bo@x.io', 'cy@x.io'],
		],
		['Outlook, a list of people', '"B, Ana" <ana@x.io>; Bo C <bo@x.io>', ['ana@x.io', 'bo@x.io']],
		['Gmail, a list of people', 'Ana <ana@x.io>, "Bo (x)" <bo@x.io>', ['ana@x.io', 'bo@x.io']],
	])('are read: %s', (_form, text, users) => {
		expect(outcomeOf(text, 'user')).toEqual(users);
		expect(outcomeOf([text], 'user')).toEqual(users);
		expect(outcomeOf(JSON.stringify([text]), 'user')).toEqual(users);
	});

	test.each<[string, string, string]>([
		['Slack with somebody else as title', '<mailto:ana@x.io|bo@x.io>', 'in two ways'],
		['Slack with an ID as title', `<mailto:ana@x.io|${B}>`, 'in two ways'],
		['Markdown with somebody else as title', '[bo@x.io](mailto:ana@x.io)', 'in two ways'],
		['Markdown with an ID as title', `[${B}](mailto:ana@x.io)`, 'in two ways'],
		['Markdown with two people as title', '[ana@x.io, bo@x.io](mailto:ana@x.io)', 'in two ways'],
		['Slack with a copy to others', '<mailto:ana@x.io?cc=bo@x.io|ana@x.io>', 'more people'],
		['Markdown with a copy to others', '[Ana](mailto:ana@x.io?cc=bo@x.io)', 'more people'],
		['Markdown with two people', '[Ana](mailto:ana@x.io,bo@x.io)', 'not a user ID'],
		['Slack without an address', '<mailto:|Ana>', 'not a user ID'],
		['a mention of Slack', '<@U012345|ana>', 'not a user ID'],
		['a group of Slack', '<!subteam^S012345>', 'not a user ID'],
		['Markdown without a scheme', '[Ana](ana@x.io)', 'not a valid one'],
		['an anchor of HTML', '<a href="mailto:ana@x.io">ana@x.io</a>', 'not a user ID'],
		['old Outlook', 'Ana [mailto:ana@x.io]', 'not a user ID'],
	])('are refused in words: %s', (_form, text, words) => {
		expect(outcomeOf(text, 'user')).toContain(words);
		expect(readableIds(text, 'user').complete).toBe(false);
	});
});

describe('whatever is written from real IDs', () => {
	const id = fc.stringMatching(/^[1-9][0-9]{14,19}$/);
	const ids = fc.uniqueArray(id, { minLength: 1, maxLength: 5 });
	const SEPARATORS = [
		',',
		', ',
		';',
		'; ',
		' ',
		'  ',
		'\t',
		'\n',
		'\r\n',
		'\u00a0',
		'\u2009',
		',\n',
	];
	const separator = fc.constantFrom(...SEPARATORS);
	/** With others, which a person may think of. */
	const anySeparator = fc.constantFrom(
		...SEPARATORS,
		...[
			'|',
			' | ',
			'/',
			' / ',
			'+',
			' and ',
			'、',
			'，',
			'·',
			' - ',
			'-',
			'_',
			':',
			'&',
			'"',
			'.',
			'#',
			'?',
		],
	);
	const title = fc.constantFrom(
		...['a', 'Call 15, 16', B, `Call ${B}, ${A}`, 'Q3 [draft]', '12 13', 'x | y', '', 'R&amp;D'],
	);
	const rest = fc.constantFrom(
		...['', '&t=12', '&t=12,13', '#t=5', '&amp;x=1', `&highlights=${JSON_OF_SNIPPET}`],
		...[`&highlights=${ESCAPED}`, `&highlights=${encodeURI(JSON_OF_SNIPPET)}`, '&x=', '&x=1,a'],
	);
	const page = fc.constantFrom(
		'call?id',
		'call/pretty-transcript?call-id',
		'embedded-call?call-id',
	);
	const FORMS: ((id: string, link: string, title: string) => string)[] = [
		(one) => one,
		(_one, link) => link,
		(_one, link) => `<${link}>`,
		(_one, link, words) => `<${link}|${words}>`,
		(_one, link, words) => `[${words}](${link})`,
		(_one, link, words) => `[${words}](${link} "12, 13")`,
		(one) => one.replace(/(?=(?:[0-9]{3})+$)/g, ','),
		(one) => one.replace(/(?=(?:[0-9]{2})+[0-9]$)/g, '’'),
	];
	const text = ids.chain((list) => {
		const written = list.map((one) =>
			fc
				.tuple(page, rest, title, fc.constantFrom(...FORMS))
				.map(([where, behind, words, form]) =>
					form(one, `${HOST}/${where}=${one}${behind}`, words),
				),
		);
		return fc
			.tuple(fc.tuple(...written), anySeparator, fc.constantFrom('text', 'list', 'JSON'))
			.map(([texts, gap, how]) => {
				if (how === 'list') return { list, value: texts as unknown };
				return { list, value: how === 'JSON' ? JSON.stringify(texts) : texts.join(gap) };
			});
	});

	test('exactly these IDs are read, or the value is refused', () => {
		fc.assert(
			fc.property(text, ({ list, value }) => {
				const outcome = outcomeOf(value, 'call');
				expect(typeof outcome === 'string' ? list : outcome).toEqual(list);
			}),
			{ numRuns: 5_000 },
		);
	});

	const user = fc.oneof(
		id.map((one) => ({ user: one, text: one })),
		fc
			.tuple(fc.stringMatching(/^[a-z]{1,8}\.[0-9]{1,15}@x\.io$/), fc.nat(6))
			.map(([address, form]) => ({
				user: address,
				text: [
					address,
					`<${address}>`,
					`mailto:${address}`,
					`<mailto:${address}|${address}>`,
					`<mailto:${address}|Ana B>`,
					`[${address}](mailto:${address})`,
					`"B, Ana" <${address}>`,
				][form],
			})),
	);

	test('exactly these people are read, or the value is refused', () => {
		const people = fc.uniqueArray(user, {
			minLength: 1,
			maxLength: 5,
			selector: (one) => one.user,
		});
		fc.assert(
			fc.property(people, separator, (list, gap) => {
				const outcome = outcomeOf(list.map((one) => one.text).join(gap), 'user');
				const users = list.map((one) => one.user);
				expect(typeof outcome === 'string' ? users : outcome).toEqual(users);
			}),
			{ numRuns: 3_000 },
		);
	});
});
