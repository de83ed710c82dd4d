/** Plays one run against a local Gong of its own, so that no run can reach another's. */
import { setTimeout as sleep } from 'node:timers/promises';
import { runNode, type RunOptions, type RunResult } from '../engine/engine';
import { startLocalGong, type AccessSnapshot, type LocalGong, type LoggedRequest } from '../gong';
import { dataOf, type Company } from './company';
import { faultFor, type FaultCase } from './faultCases';
import type { Cancel } from './writeCase';

/** What a run left behind. */
export interface Played {
	result: RunResult;
	before: AccessSnapshot;
	after: AccessSnapshot;
	log: LoggedRequest[];
	/** Requests that had arrived when the execution was cancelled; null where it was not. */
	arrivedAtCancel: number | null;
	/** Whether one of these was under way then. */
	inFlightAtCancel: boolean;
	/** Faults that were met. */
	faultsMet: number;
}

/** What to play. */
export interface Play {
	company: Company;
	faults: FaultCase[];
	cancel: Cancel | null;
	options: RunOptions;
}

/** Whoever sends too late, sends by then. */
const AFTER_CANCEL = 400;
const AFTER_END = 30;

const underWay = ({ log }: LocalGong): boolean => log.some(({ endedAt }) => endedAt === null);

export async function play({ company, faults, cancel, options }: Play): Promise<Played> {
	let ended = 0;
	let onEnd: () => void = () => undefined;
	const gong = await startLocalGong({
		data: dataOf(company),
		accessStyle: company.accessStyle,
		latency: 0,
		onRequestEnd: () => {
			ended += 1;
			onEnd();
		},
	});
	for (const fault of faults) gong.fail(faultFor(fault));
	const before = gong.state.accessSnapshot();

	let arrivedAtCancel: number | null = null;
	let inFlightAtCancel = false;
	let isOver = false;
	let timer: NodeJS.Timeout | undefined;
	const cancelWhen = (stop: () => void): void => {
		if (cancel === null) return;
		const { at, after } = cancel;
		const now = (): void => {
			if (arrivedAtCancel !== null || isOver) return;
			arrivedAtCancel = gong.log.length;
			inFlightAtCancel = underWay(gong);
			stop();
		};
		if (at === 'ms') timer = setTimeout(now, after);
		if (at === 'end') {
			onEnd = () => {
				if (ended > after) now();
			};
		}
		if (at === 'arrival') {
			const push = gong.log.push.bind(gong.log);
			gong.log.push = (...entries) => {
				const length = push(...entries);
				if (length > after) now();
				return length;
			};
		}
	};
	try {
		const result = await runNode(gong, { ...options, cancelWhen });
		isOver = true;
		await sleep(arrivedAtCancel === null ? AFTER_END : AFTER_CANCEL);
		return {
			result,
			before,
			after: gong.state.accessSnapshot(),
			log: [...gong.log],
			arrivedAtCancel,
			inFlightAtCancel,
			faultsMet: gong.log.filter(({ status }) => status !== 200).length,
		};
	} finally {
		clearTimeout(timer);
		await gong.close();
	}
}
