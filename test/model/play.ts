/** Plays one run against a local Gong of its own, so that no run can reach another's. */
import { setTimeout as sleep } from 'node:timers/promises';
import { runNode, type RunOptions, type RunResult } from '../harness/engine/engine';
import type {
	AccessSnapshot,
	AccessStyle,
	Fault,
	GongAccount,
	GongData,
	LocalGong,
	LoggedRequest,
} from '../harness/gong';
import { Effects, type Effect } from './effects';
import { takeGong, type OwnGong } from './gongs';

/** When the execution is cancelled: when the nth request arrives or ends, or after some milliseconds. */
export interface Cancel {
	at: 'arrival' | 'end' | 'ms';
	after: number;
}

/** The run to play. */
export interface Play {
	data: GongData;
	accessStyle: AccessStyle;
	faults: Fault[];
	cancel: Cancel | null;
	options: RunOptions;
	/** Milliseconds that Gong takes for each answer. */
	latency: number;
	/** By expression, items with `otherKey` sign in with another key. */
	keysDiffer: boolean;
}

/** What a run left behind. */
export interface Played {
	result: RunResult;
	before: AccessSnapshot;
	after: AccessSnapshot;
	log: LoggedRequest[];
	/** What Gong carried out, in this order. */
	effects: Effect[];
	accounts: GongAccount[];
	/** The number of requests that had arrived at the cancel; null if the execution was not cancelled. */
	arrivedAtCancel: number | null;
	/** Whether one of them was in flight then. */
	inFlightAtCancel: boolean;
}

export interface Credential {
	accessKey: string;
	accessKeySecret: string;
}

/** Milliseconds to wait for late requests. */
const AFTER_CANCEL = 400;
const AFTER_END = 20;

const underWay = ({ log }: LocalGong): boolean => log.some(({ endedAt }) => endedAt === null);

/** Cancels the execution at its moment, and notes how many requests had arrived. */
class Canceller {
	arrived: number | null = null;
	inFlight = false;
	isOver = false;
	private timer: NodeJS.Timeout | undefined;

	constructor(
		private readonly own: OwnGong,
		private readonly cancel: Cancel,
	) {}

	readonly begin = (stop: () => void): void => {
		const { gong } = this.own;
		const { at, after } = this.cancel;
		const now = (): void => {
			if (this.arrived !== null || this.isOver) return;
			this.arrived = gong.log.length;
			this.inFlight = underWay(gong);
			stop();
		};
		let ended = 0;
		if (at === 'ms') this.timer = setTimeout(now, after);
		if (at === 'end') {
			this.own.watch(() => {
				ended += 1;
				if (ended > after) now();
			});
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

	end(): void {
		this.isOver = true;
		clearTimeout(this.timer);
	}
}

/** The credential: one for all items, or by an expression. */
export function credentialOf([first, second]: GongAccount[], keysDiffer: boolean): Credential {
	if (!keysDiffer) {
		return { accessKey: first.accessKey, accessKeySecret: first.accessKeySecret };
	}
	const pick = (name: Exclude<keyof Credential, symbol>): string =>
		`={{ $json?.otherKey ? '${second[name]}' : '${first[name]}' }}`;
	return { accessKey: pick('accessKey'), accessKeySecret: pick('accessKeySecret') };
}

export async function play(one: Play): Promise<Played> {
	const { data, accessStyle, faults, cancel, options, latency, keysDiffer } = one;
	const own = await takeGong(data, accessStyle, latency);
	const { gong, accounts } = own;
	let isClean = false;
	try {
		for (const fault of faults) gong.fail(fault);
		const before = gong.state.accessSnapshot();
		const effects = new Effects(gong.state);
		const canceller = cancel === null ? null : new Canceller(own, cancel);
		const result = await runNode(gong, {
			...options,
			credential: { ...credentialOf(accounts, keysDiffer) },
			...(canceller === null ? {} : { cancelWhen: canceller.begin }),
		});
		canceller?.end();
		await sleep(canceller === null ? AFTER_END : AFTER_CANCEL);
		effects.end();
		isClean = cancel === null && faults.length === 0 && !underWay(gong);
		return {
			result,
			before,
			after: gong.state.accessSnapshot(),
			log: [...gong.log],
			effects: effects.all,
			accounts,
			arrivedAtCancel: canceller?.arrived ?? null,
			inFlightAtCancel: canceller?.inFlight ?? false,
		};
	} finally {
		await own.release(isClean);
	}
}
