/** Plays a case as the tool of an agent: one call of the tool for each item, one after the other. */
import type { IDataObject, IRun } from 'n8n-workflow';
import { runTool, type ToolAnswer } from '../harness/engine/tool';
import type { AccessSnapshot } from '../harness/gong';
import { Effects } from './effects';
import { takeGong } from './gongs';
import { credentialOf, type Play, type Played } from './play';

/** One call of the tool, as a run of one item. */
function resultOf({ rows, error }: ToolAnswer): Played['result'] {
	return {
		run: { status: error ? 'error' : 'success' } as IRun,
		items: rows.map((json) => ({ json, pairedItem: { item: 0 } })),
		errorItems: [],
		error,
		earlier: [],
	};
}

/** What each call of the tool left behind. */
export async function playTool(
	{ data, accessStyle, faults, options, latency }: Play,
	calls: IDataObject[],
): Promise<Played[]> {
	const own = await takeGong(data, accessStyle, latency);
	const { gong, accounts } = own;
	try {
		for (const fault of faults) gong.fail(fault);
		const effects = new Effects(gong.state);
		const moments: { access: AccessSnapshot; sent: number; done: number }[] = [];
		const answers = await runTool(gong, {
			parameters: options.parameters ?? {},
			settings: options.settings,
			credential: { ...credentialOf(accounts, false) },
			calls,
			between: async () => {
				const access = gong.state.accessSnapshot();
				moments.push({ access, sent: gong.log.length, done: effects.all.length });
			},
		});
		effects.end();
		return answers.map((answer, place) => {
			const [from, to] = [moments[place], moments[place + 1]];
			return {
				result: resultOf(answer),
				before: from.access,
				after: to.access,
				log: gong.log.slice(from.sent, to.sent),
				effects: effects.all.slice(from.done, to.done),
				accounts,
				arrivedAtCancel: null,
				inFlightAtCancel: false,
			};
		});
	} finally {
		await own.release(faults.length === 0);
	}
}
