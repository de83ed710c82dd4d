import { CompanyYear } from './companyYear';
import { DAY } from './exampleRoom';
import { SlackBook } from './slackBooks';
import type { Round } from './yearRounds';

describe('the book of what was told in Slack', () => {
	const begin = Date.UTC(2026, 0, 1);
	const company = new CompanyYear({ seed: 7, from: begin, to: begin + 30 * DAY, callsPerDay: 4 });
	const rules = { days: 7, tellsEnds: true, concerns: () => true };
	const byId = new Map(company.calls.map((call) => [call.id, call]));
	/** One that begins and ends while its call is listed. */
	const grant = company.grants.find(({ callId, from, to }) => {
		const { started = 0, listedFrom = 0, vanishedFrom = 0 } = byId.get(callId) ?? {};
		return from > listedFrom && to < Math.min(vanishedFrom, started + 6 * DAY);
	});
	if (!grant) throw new Error('No such grant in this company');
	const call = byId.get(grant.callId);
	const during = grant.from + 1;
	const round = (nth: number, at: number) => ({ nth, at }) as Round;
	const message = (kind: 'Given to' | 'No longer given to', at: number, title?: string) => ({
		text: `*Head*\n<https://app.gong.io/call?id=${grant.callId}|${
			title ?? (call && company.titleAt(call, at))
		}>\n${kind}:\n• ${company.nameOf(grant.userId)} (somebody@example.com)`,
	});
	const about = (lines: readonly string[]) =>
		lines.filter((line) => line.includes(grant.callId) || line.includes(call?.titles[0] ?? ''));

	it('finds nothing wrong with a grant and an end that were told once', () => {
		const book = new SlackBook(company, rules);
		book.take(round(0, during), [message('Given to', during)]);
		book.take(round(1, grant.to), [message('No longer given to', grant.to)]);
		expect(book.tally).toEqual({ told: 2, missed: [], twice: [], false: [] });
	});

	it('finds what was told twice', () => {
		const book = new SlackBook(company, rules);
		book.take(round(0, during), [message('Given to', during), message('Given to', during)]);
		book.take(round(1, grant.to), [
			message('No longer given to', grant.to),
			message('No longer given to', grant.to),
		]);
		expect(book.twice).toHaveLength(2);
	});

	it('finds what was told and was not so, and a title that the call does not have', () => {
		const book = new SlackBook(company, rules);
		book.take(round(0, grant.from - 1), [message('Given to', grant.from - 1)]);
		book.take(round(1, during), [message('No longer given to', during, 'Another call')]);
		expect(book.wrong).toHaveLength(3);
	});

	it('finds a grant that was not told', () => {
		const book = new SlackBook(company, rules);
		book.check(round(0, during), true);
		expect(about(book.missed)).toHaveLength(1);
	});

	it('finds an end that two runs saw and none told', () => {
		const book = new SlackBook(company, rules);
		book.take(round(0, during), [message('Given to', during)]);
		book.check(round(1, grant.to), true);
		expect(about(book.missed)).toEqual([]);
		book.check(round(2, grant.to + 1), true);
		expect(about(book.missed)).toHaveLength(1);
	});

	it('expects nothing of a round in which something went wrong', () => {
		const book = new SlackBook(company, rules);
		book.check(round(0, during), false);
		expect(book.missed).toEqual([]);
	});
});
