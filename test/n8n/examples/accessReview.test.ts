import { readExample, withFields, withParameters, withSettings } from '../../harness/n8n/examples';
import { makeData, SAMPLE_CALL_IDS, SAMPLE_USER_IDS, sampleData } from '../../harness/gong';
import { AN_ID, DAY, describeExample, FLOW_MS, HOUR, MINUTE, nameTwice } from './exampleRoom';

const { maria, jonas, priya, samuel, yuki, left } = SAMPLE_USER_IDS;
const [renewal, demo, pricing, review] = SAMPLE_CALL_IDS;
const COLUMNS = ['Checked on', 'Call ID', 'Call', 'Started', 'Link', 'User ID', 'Name', 'E-mail'];
const REVIEW_COLUMNS = [
	...['Checked on', 'Why', ...COLUMNS.slice(1)],
	...['Other ways in', 'Last played', 'Key'],
];

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
		const GONE = '9007199254740993';
		const DOES_NOT_KNOW =
			'Gong does not know this call: it was deleted or hidden, or is so new that Gong does not know it yet';
		const NEVER = expect.stringMatching(/^None found since \d{4}-\d\d-\d\d$/) as unknown;
		const [OPEN, PRIVATE, TEAM] = [renewal, pricing, demo];
		const SAFE =
			'Q&amp;A &lt;b>&quot;final&quot;&lt;/b> &#36;&amp; &#123;&#123; &#36;now }} renewal';
		const data = makeData({
			users: sampleData().users,
			plays: [{ callId: OPEN, userId: samuel, at: at(Date.now() - DAY) }],
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
				{ id: '18446744073709551557', started: at(lastMonth - 2 * DAY - MINUTE), users: [samuel] },
				{
					id: OPEN,
					title: TITLE,
					started: at(lastMonth - 2 * DAY),
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
				// Nobody was given access to it.
				{ id: '12000000000000000017', started: at(lastMonth + DAY), primaryUserId: maria },
				// Gong lists it, and does not know it when it is asked.
				{
					id: GONE,
					started: at(lastMonth + DAY),
					title: null,
					primaryUserId: maria,
					knownFrom: { details: at(Date.now() + DAY), access: at(Date.now() + DAY) },
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
		const month = new Date(lastMonth + AHEAD).toLocaleDateString('en-US', {
			month: 'long',
			year: 'numeric',
			timeZone: 'UTC',
		});
		let id: string;
		let page: string;
		let files: (string | undefined)[];

		const rowsOf = (list: string): string[] => {
			const [, section] = page.split(`<section id="${list}">`);
			const [, body] = /<tbody>(.*?)<\/tbody>/s.exec(section) ?? [];
			return (body ?? '')
				.split('</tr>')
				.map((row) =>
					row
						.replace(/<[^>]*>/g, '|')
						.replace(/\s*\|[|\s]*/g, '|')
						.replace(/since [\d-]+/, 'since …'),
				)
				.filter((row) => row.trim() !== '');
		};

		beforeAll(async () => {
			room().gong.state.load(data);
			const example = withFields(readExample('access-review'), 'Your settings', {
				link: room().google.link,
			});
			id = await room().store(
				withSettings(
					withParameters(example, 'Add or update rows', { authentication: 'serviceAccount' }),
					{ timezone },
				),
			);
			const run = await room().n8n.rest.run(id, 'Every month');
			page = String(run.rows('Page')[0].html);
			files = run.items('Page as a file').map(({ binary }) => binary?.data.fileName);
		}, FLOW_MS);

		it('adds a row for each access that is worth a look, with the other ways in', () => {
			const row = (why: string, call: number, ...user: unknown[]) => {
				const { id: callId, title, started, url } = data.calls[call];
				const key = `${callId} ${user[0] as string}`;
				return [dayOf(Date.now()), why, callId, title, started, url, ...user, key];
			};
			const samuelIs = [samuel, 'Samuel Adeyemi', 'Samuel.Adeyemi@example.com'];
			const tom = [left, 'Tom Archer', 'tom.archer@example.com'];
			const [header, ...rows] = room().google.sheets[0].rows;
			expect(header).toEqual(REVIEW_COLUMNS);
			const expected: unknown[][] = [
				row(
					'May not be needed',
					1,
					...samuelIs,
					'Permission profile Sales Leadership',
					dayOf(Date.now() - DAY),
				),
				row('Private call', 2, ...samuelIs, 'Participant', NEVER),
				row(
					'Private call',
					2,
					priya,
					'Priya Raman',
					'priya.raman@example.com',
					'None found',
					NEVER,
				),
				row('Has left, Private call', 2, ...tom, 'None found', NEVER),
				row(
					'May not be needed (likely)',
					5,
					...[jonas, 'Jonas Berg', 'jonas.berg@example.com'],
					'Permission profile Sales Engineers (likely)',
					NEVER,
				),
				row('Has left', 5, ...tom, 'None found', NEVER),
				[
					...[dayOf(Date.now()), DOES_NOT_KNOW, GONE],
					...[null, null, null, null, null, null, 'Not reviewed', '', GONE],
				],
			];
			expect(rows).toHaveLength(expected.length);
			const filled = expected.map((cells) => cells.map((cell) => cell ?? ''));
			expect(rows).toEqual(expect.arrayContaining(filled));
			// The unused first.
			expect(rows.at(-1)?.[6]).toBe(samuel);
		});

		it('makes a page with a list for each reason, and a file of it', () => {
			expect(files).toEqual([`access-review-${dayOf(lastMonth)}.html`]);
			const tom = 'Tom Archer|tom.archer@example.com|None found|None found since …|';
			const untitled = `|Call ${PRIVATE}|${dayOf(lastMonth + 2 * DAY)}|`;
			const northwind = `|Northwind Traders: product demo|${dayOf(thisMonth - MINUTE)}|`;
			expect(rowsOf('left').sort()).toEqual([untitled + tom, northwind + tom].sort());
			expect(rowsOf('private').sort()).toEqual(
				[
					`${untitled}Samuel Adeyemi|Samuel.Adeyemi@example.com|Participant|None found since …|`,
					`${untitled}Priya Raman|priya.raman@example.com|None found|None found since …|`,
					untitled + tom,
				].sort(),
			);
			expect(rowsOf('not-known')).toEqual([`|Call ${GONE}|Not known|Not reviewed|`]);
			expect(rowsOf('not-needed').sort()).toEqual(
				[
					`|${SAFE}|${dayOf(lastMonth - 2 * DAY)}|Samuel Adeyemi|Samuel.Adeyemi@example.com|Permission profile Sales Leadership|${dayOf(Date.now() - DAY)}|`,
					`${northwind}Jonas Berg|jonas.berg@example.com|Permission profile Sales Engineers (likely)|None found since …|`,
				].sort(),
			);
		});

		it('says on the page which month it is about, how many rows there are, and what it does not know', () => {
			const read = page
				.replace(/<(style|title|tbody)>.*?<\/\1>/gs, '')
				.replace(/<\/?(b|a|span|i)\b[^>]*>/g, '')
				.split(/<[^>]*>/)
				.map((line) => line.replace(/\s+/g, ' ').trim());
			expect(read).toEqual(
				expect.arrayContaining([
					`Access review, ${month}`,
					'2 grants to people who have left3 grants on private calls2 grants that may not be needed1 could not be judged',
					expect.stringMatching(
						/^Looked at: 4 calls of that time and of the two days before it, since Gong lists some calls late\. People were given access to them 7 times through Gong's API; in 6 of these cases Gong has no play of the call by that person since \d+ \w+ \d{4}\. Below stands only what people have who have left, what was given on private calls, what may not be needed, and what is not known, the unused first\./,
					) as unknown,
					'People who have left 2 grants',
					'Private calls 3 grants',
					'May not be needed 2 grants',
					expect.stringMatching(
						/; and calls that Gong listed and does not know: they were deleted or hidden, or are so new that Gong does not know them yet\.$/,
					) as unknown,
					'What this page does not know',
					expect.stringMatching(
						/ Likely stands where Gong's help does not say exactly whom a permission profile lets in: those with the level Manager's team\.$/,
					) as unknown,
				]),
			);
			expect(read.join('\n')).not.toMatch(AN_ID);
		});

		it(
			'says that nothing was reviewed where there are no calls, and adds no row',
			async () => {
				room().gong.state.load(makeData({ users: data.users, calls: [] }));
				const before = room().google.writes.length;
				const run = await room().n8n.rest.run(id, 'Try it now');
				expect(run.error).toBeUndefined();
				page = String(run.rows('Page')[0].html);
				expect(page).toContain(`No calls were found for ${month}, so nothing was reviewed.`);
				expect(page).not.toMatch(/<(nav|section)|>None</);
				expect(room().google.writes).toHaveLength(before);
			},
			FLOW_MS,
		);

		it(
			'reviews other days that are set, and names them',
			async () => {
				room().gong.state.load(data);
				const [first, last] = [lastMonth + 4 * DAY, lastMonth + 6 * DAY];
				const other = withFields(readExample('access-review'), 'Your settings', {
					link: room().google.link,
					firstDay: dayOf(first),
					lastDay: dayOf(last),
				});
				const sheet = { authentication: 'serviceAccount' };
				const copy = withParameters(other, 'Add or update rows', sheet);
				const otherId = await room().store(withSettings(copy, { timezone }));
				const run = await room().n8n.rest.run(otherId, 'Try it now');
				const html = String(run.rows('Page')[0].html);
				const [from, to] = [first, last].map((time) =>
					new Date(time + AHEAD).toLocaleDateString('en-GB', {
						dateStyle: 'long',
						timeZone: 'UTC',
					}),
				);
				expect(html).toContain(`<h1>Access review, ${from} to ${to}</h1>`);
				// Of the two days before, since Gong lists some calls late.
				expect(html).toContain('Looked at: 1 call of that time and of the two days before it');
			},
			FLOW_MS,
		);

		it(
			'asks Gong nothing and says what to check where the days are in the wrong order',
			async () => {
				const { gong, n8n } = room();
				const other = withFields(readExample('access-review'), 'Your settings', {
					firstDay: '2026-03-09',
					lastDay: '2026-03-08',
				});
				const asked = gong.log.length;
				const run = await n8n.rest.run(await room().store(other), 'Try it now');
				expect(run.error?.message).toBe(
					'The last day is before the first day. Check firstDay and lastDay in Your settings.',
				);
				expect(gong.log).toHaveLength(asked);
			},
			FLOW_MS,
		);

		it(
			'adds no row twice, whether it runs again, Gong names somebody twice, or the answer of the sheet is lost',
			async () => {
				const { gong, google, n8n } = room();
				gong.state.load(data);
				const before = structuredClone(google.sheets[0].rows);
				// The first is refused, for the call that Gong does not know.
				nameTwice(gong, OPEN, 1);
				google.sheets[0].rows.splice(2);
				google.trouble.lost = 1;
				const run = await n8n.rest.run(id, 'Try it now');
				expect(run.error).toBeUndefined();
				const sorted = (table: readonly unknown[][]) => table.map(String).sort();
				expect(sorted(google.sheets[0].rows)).toEqual(sorted(before));
				expect(run.items('Page as a file')).toHaveLength(1);
			},
			FLOW_MS,
		);

		it.each([
			['all its answers are lost', 0],
			['it is not available from its third answer on', 2],
		])(
			'makes no page, adds no row and says why where Gong cannot be asked: %s',
			async (_what, after) => {
				const { gong, google, n8n } = room();
				gong.fail({ kind: 'status', status: 503, times: Infinity, after });
				const before = structuredClone(google.sheets[0].rows);
				const run = await n8n.rest.run(id, 'Try it now');
				gong.clearFaults();
				expect(run.error?.message).toMatch(/Gong is not available at the moment \(status 503\)/);
				expect(run.given('Page')).toEqual([]);
				expect(google.sheets[0].rows).toEqual(before);
			},
			FLOW_MS,
		);

		it(
			'makes the page where the sheet is refused',
			async () => {
				room().gong.state.load(data);
				const copy = withFields(readExample('access-review'), 'Your settings', {
					link: room().google.link,
					tab: 'Not there',
				});
				const authentication = 'serviceAccount';
				const refused = await room().store(
					withSettings(withParameters(copy, 'Add or update rows', { authentication }), {
						timezone,
					}),
				);
				const run = await room().n8n.rest.run(refused, 'Try it now');
				expect(run.error).toBeDefined();
				expect(run.items('Page as a file')).toHaveLength(1);
			},
			FLOW_MS,
		);

		it(
			'shows as not known whom the list of users lacks, and a call of which Gong does not say if it is private',
			async () => {
				const made = makeData({
					users: data.users,
					calls: [
						{ id: OPEN, started: at(lastMonth), primaryUserId: maria, users: [priya] },
						{ id: TEAM, started: at(lastMonth), primaryUserId: maria, users: [samuel] },
					],
				});
				const users = made.users.filter(({ id: userId }) => userId !== priya);
				room().gong.state.load({ ...made, users });
				Object.assign(room().gong.state.calls.get(TEAM) ?? {}, { isPrivate: null });
				const run = await room().n8n.rest.run(id, 'Try it now');
				page = String(run.rows('Page')[0].html);
				expect(rowsOf('not-known').sort()).toEqual([
					expect.stringContaining(`|User ${priya}|`) as unknown,
					expect.stringContaining('|Samuel Adeyemi|') as unknown,
				]);
				expect(rowsOf('left')).toEqual(['|None|']);
			},
			FLOW_MS,
		);
	},
	{ sheets: { 'Access review': REVIEW_COLUMNS } },
);
