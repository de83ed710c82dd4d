import { FormBrowser, type FormPage } from '../../harness/n8n/formBrowser';
import { readExample } from '../../harness/n8n/examples';
import type { ExampleRoom } from './exampleRoom';

export const CHANGE = 'Make the changes';
export const LEAVE = 'Leave everything as it is';
export const KEEP = 'Keep it';
export const UNDO = 'Undo it';
/** The last words of a page after a change. */
export const OTHERS =
	'Others may still see these calls as a participant, by a share, or by a permission profile.';

/** A form of the deal room that somebody has filled in. */
export interface FilledIn {
	readonly page: FormPage;
	/** Chooses on the page that is open; returns the next. */
	decide(choice: string): Promise<FormPage>;
}

/** Publishes the deal room; returns what fills in its form. */
export async function openDealRoom({
	n8n,
	publishForm,
}: ExampleRoom): Promise<(callIds: string, team: string) => Promise<FilledIn>> {
	const form = await publishForm(readExample('deal-room'));
	return async (callIds, team) => {
		const browser = new FormBrowser(n8n.rest.session);
		expect(await browser.open(form)).toEqual({
			title: 'Access to the calls of a deal',
			text: "Gives a deal's team access to its calls, and ends other access given through the API. You see what would change before anything does.",
			labels: ['Links or IDs of the calls', 'E-mail addresses of the team'],
		});
		const page = await browser.submit({
			'Links or IDs of the calls': callIds,
			'E-mail addresses of the team': team,
		});
		const decide = async (choice: string) =>
			await browser.submit({ 'What should happen?': choice });
		return { page, decide };
	};
}
