import { FormBrowser, type FormPage } from '../../harness/n8n/formBrowser';
import { readExample, withSettings } from '../../harness/n8n/examples';
import { DAY, type ExampleRoom, HOUR, MINUTE } from './exampleRoom';

export const TAKE = 'Take the access away';
export const LEAVE = 'Leave everything as it is';
const REST =
	"that were not looked at, such as public library folders, or that Gong's API does not tell, such as a share. Calls before and after these days were not looked at, nor access that somebody gave after the list was made.";
/** The last words of the last page. */
export const END = `They may still see these calls in ways ${REST}`;
/** The same for somebody who has left. */
export const END_OF_LEFT = `If enabled again in Gong, they may see these calls in other ways too ${REST}`;
/** What the last page says of when. */
export const WHEN = 'Listed on (time), agreed to on (time).';

// Always 9 hours ahead of UTC.
const timezone = 'Asia/Tokyo';

/** A form of the offboarding that somebody has filled in, for the days from 2 March 2026. */
export interface Offboarding {
	readonly browser: FormBrowser;
	readonly page: FormPage;
}

/** What people read, without times and the IDs of requests, which differ each time. */
export function anyRun(text: string): string {
	return text
		.replace(/\(request \w+\)/g, '(request …)')
		.replace(/Gong request ID: \w+/g, 'Gong request ID: …')
		.replace(/\d{4}-\d\d-\d\d at \d\d:\d\d \(Asia\/Tokyo\)/g, '(time)');
}

/** Its lines about calls. */
export function bullets(text: string): readonly string[] {
	return text.split('\n').filter((line) => line.startsWith('•'));
}

/** Publishes the offboarding; returns its form's address, and what fills it in. */
export async function openOffboarding({ n8n, publishForm }: ExampleRoom): Promise<{
	readonly form: string;
	fillIn(email: string, last?: string): Promise<Offboarding>;
}> {
	const form = await publishForm(withSettings(readExample('offboarding'), { timezone }));
	const fillIn = async (email: string, last = '2026-03-08') => {
		const browser = new FormBrowser(n8n.rest.session);
		expect(await browser.open(form)).toEqual({
			title: 'Take call access away',
			text: 'Finds the Gong calls that somebody was given access to. You see the list before anything changes.',
			labels: ['E-mail address of the person', 'First day of the calls', 'Last day of the calls'],
		});
		expectLastYear(browser);
		const page = await browser.submit({
			'E-mail address of the person': email,
			'First day of the calls': '2026-03-02',
			'Last day of the calls': last,
		});
		return { browser, page };
	};
	return { form, fillIn };
}

/** The days are filled in already: a year up to today. */
function expectLastYear(browser: FormBrowser): void {
	const today = Date.now() + 9 * HOUR;
	const dates = ['First day of the calls', 'Last day of the calls'].map((label) =>
		browser.prefilled(label),
	);
	const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10);
	// Between the two the day may end.
	expect([dayOf(today), dayOf(today - MINUTE)]).toContain(dates[1]);
	expect(Date.parse(dates[1] ?? '') - Date.parse(dates[0] ?? '')).toBeGreaterThanOrEqual(365 * DAY);
}
