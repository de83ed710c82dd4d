import { readExample, withFields, withParameters, withSettings } from '../../harness/n8n/examples';
import { makeData, SAMPLE_CALL_IDS, SAMPLE_USER_IDS, sampleData } from '../../harness/gong';
import { AN_ID, DAY, describeExample, FLOW_MS, HOUR, MINUTE } from './exampleRoom';

const { maria, jonas, priya, samuel, yuki, left } = SAMPLE_USER_IDS;
const [renewal, demo, pricing, review] = SAMPLE_CALL_IDS;
const COLUMNS = ['Checked on', 'Call ID', 'Call', 'Started', 'Link', 'User ID', 'Name', 'E-mail'];
const REVIEW_COLUMNS = ['Checked on', 'Why', ...COLUMNS.slice(1), 'Other ways in'];

describeExample(
	'access-review',
	(room) => {
		// Always 14 hours ahead of UTC, so that its month begins on the last day of another elsewhere.
		const timezone = 'Pacific/Kiritimati';
		const AHEAD = 14 * HOUR;
		const local = new Date(Date.now() + AHEAD);
		const monthStart = (back: number): number =>
			Date.UTC(local.getUTCFullYear(), local.getUTCMonth() - back, 1) - AHEAD;
		const [thisMonth, lastMonth] = [monthStart(0), monthStart(1)];
		const at = (time: number) => new Date(time).toISOString();
		const dayOf = (time: number) => at(time + AHEAD).slice(0, 10);
		const TITLE = 'Q&A <b>"final"</b> $& {{ $now }} renewal';
		const [OPEN, PRIVATE, TEAM] = [renewal, pricing, demo];
		const SAFE =
			'Q&amp;A &lt;b>&quot;final&quot;&lt;/b> &#36;&amp; &#123;&#123; &#36;now }} renewal';
		const data = makeData({
			users: sampleData().users,
			profiles: [
				{ id: '51', name: 'Sales Leadership', users: [samuel] },
				{
					id: '52',
					name: 'Sales Engineers',
					callsAccess: { permissionLevel: 'managers-team' },
					users: [jonas],
				},
				{ id: '53', name: 'Own', callsAccess: { permissionLevel: 'own' }, users: [maria, yuki] },
			],
			calls: [
				{ id: '18446744073709551557', started: at(lastMonth - MINUTE), users: [samuel] },
				{
					id: OPEN,
					title: TITLE,
					started: at(lastMonth),
					primaryUserId: maria,
					// Only the first does not need it; the second has it by nothing else.
					users: [samuel, yuki],
				},
				{
					id: PRIVATE,
					title: null,
					started: at(lastMonth + 2 * DAY),
					primaryUserId: samuel,
					users: [samuel, priya, left],
					isPrivate: true,
				},
				{
					id: TEAM,
					title: 'Northwind Traders: product demo',
					started: at(thisMonth - MINUTE),
					primaryUserId: maria,
					users: [jonas, left],
				},
				{ id: review, started: at(thisMonth), users: [samuel] },
			],
		});
		let id: string;
		let page: string;
		let files: (string | undefined)[];

		const rowsOf = (list: string): string[] => {
			const [, section] = page.split(`<section id="${list}">`);
			const [, body] = /<tbody>(.*?)<\/tbody>/s.exec(section) ?? [];
			return (body ?? '')
				.split('</tr>')
				.map((row) => row.replace(/<[^>]*>/g, '|').replace(/\s*\|[|\s]*/g, '|'))
				.filter((row) => row.trim() !== '');
		};

		beforeAll(async () => {
			room().gong.state.load(data);
			const example = withFields(readExample('access-review'), 'Your sheet', {
				link: room().google.link,
			});
			id = await room().store(
				withSettings(
					withParameters(example, 'Add rows to the sheet', { authentication: 'serviceAccount' }),
					{ timezone },
				),
			);
			const run = await room().n8n.rest.run(id, 'Every month');
			page = String(run.rows('Page')[0].html);
			files = run.items('Page as a file').map(({ binary }) => binary?.data.fileName);
		}, FLOW_MS);

		it('adds a row for each access that is worth a look, with the other ways in', () => {
			const row = (why: string, call: number, ...user: (string | null)[]) => {
				const { id: callId, title, started, url } = data.calls[call];
				return [dayOf(Date.now()), why, callId, title, started, url, ...user];
			};
			const samuelIs = [samuel, 'Samuel Adeyemi', 'Samuel.Adeyemi@example.com'];
			const tom = [left, 'Tom Archer', 'tom.archer@example.com'];
			const [header, ...rows] = room().google.sheets[0].rows;
			expect(header).toEqual(REVIEW_COLUMNS);
			const expected = [
				row('May not be needed', 1, ...samuelIs, 'Permission profile Sales Leadership'),
				row('Private call', 2, ...samuelIs, 'Participant'),
				row('Private call', 2, priya, 'Priya Raman', 'priya.raman@example.com', 'None found'),
				row('Has left, Private call', 2, ...tom, 'None found'),
				row(
					'May not be needed, less sure',
					3,
					...[jonas, 'Jonas Berg', 'jonas.berg@example.com'],
					'Permission profile Sales Engineers (as it seems)',
				),
				row('Has left', 3, ...tom, 'None found'),
			];
			expect(rows).toHaveLength(expected.length);
			expect(rows).toEqual(expect.arrayContaining(expected));
		});

		it('makes a page with a list for each reason, and a file of it', () => {
			expect(files).toEqual([`access-review-${dayOf(lastMonth).slice(0, 7)}.html`]);
			const tom = 'Tom Archer|tom.archer@example.com|None found|';
			const untitled = `|Call ${PRIVATE}|${dayOf(lastMonth + 2 * DAY)}|`;
			const northwind = `|Northwind Traders: product demo|${dayOf(thisMonth - MINUTE)}|`;
			expect(rowsOf('left').sort()).toEqual([untitled + tom, northwind + tom].sort());
			expect(rowsOf('private').sort()).toEqual(
				[
					`${untitled}Samuel Adeyemi|Samuel.Adeyemi@example.com|Participant|`,
					`${untitled}Priya Raman|priya.raman@example.com|None found|`,
					untitled + tom,
				].sort(),
			);
			expect(rowsOf('not-needed').sort()).toEqual(
				[
					`|${SAFE}|${dayOf(lastMonth)}|Samuel Adeyemi|Samuel.Adeyemi@example.com|Permission profile Sales Leadership|`,
					`${northwind}Jonas Berg|jonas.berg@example.com|Permission profile Sales Engineers (as it seems)|`,
				].sort(),
			);
		});

		it('says on the page which month it is about, how many rows there are, and what it does not know', () => {
			const month = new Date(lastMonth + AHEAD).toLocaleDateString('en-US', {
				month: 'long',
				year: 'numeric',
				timeZone: 'UTC',
			});
			const read = page
				.replace(/<(style|title|tbody)>.*?<\/\1>/gs, '')
				.replace(/<\/?(b|a|span|i)\b[^>]*>/g, '')
				.split(/<[^>]*>/)
				.map((line) => line.replace(/\s+/g, ' ').trim());
			expect(read).toEqual(
				expect.arrayContaining([
					`Access review, ${month}`,
					'2 for people who have left 3 on private calls 2 that may not be needed',
					'People who have left 2',
					'Private calls 3',
					'May not be needed 2',
					'What this page does not know',
				]),
			);
			expect(read.join('\n')).not.toMatch(AN_ID);
		});

		it(
			'makes a page that says so where nothing is worth a look, and adds no row',
			async () => {
				room().gong.state.load(makeData({ users: data.users, calls: [] }));
				const before = room().google.writes.length;
				const run = await room().n8n.rest.run(id, 'Try it now');
				expect(run.error).toBeUndefined();
				page = String(run.rows('Page')[0].html);
				expect(['left', 'private', 'not-needed'].map(rowsOf)).toEqual([
					['|None|'],
					['|None|'],
					['|None|'],
				]);
				expect(room().google.writes).toHaveLength(before);
			},
			FLOW_MS,
		);
	},
	{ 'Access review': REVIEW_COLUMNS },
);
