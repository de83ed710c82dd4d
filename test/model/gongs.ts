/**
 * A local Gong for each run. Starting one costs as much as a run, so one whose run ended well is used again,
 * with other data and another key: a late request of an earlier run is refused.
 */
import {
	ALL_SCOPES,
	startLocalGong,
	type AccessStyle,
	type GongAccount,
	type GongData,
	type LocalGong,
} from '../harness/gong';

/** A local Gong that only one run uses. */
export interface OwnGong {
	gong: LocalGong;
	/** The only keys that open it; no earlier run had them. */
	accounts: GongAccount[];
	/** Called for each request that has ended. */
	watch: (onEnd: () => void) => void;
	/** Returns it to the pool; one that its run may still reach is closed instead. */
	release: (mayBeUsedAgain: boolean) => Promise<void>;
}

interface Kept {
	gong: LocalGong;
	accounts: GongAccount[];
	ends: { tell: () => void };
}

const idle = new Map<AccessStyle, Kept[]>();
let keys = 0;

async function start(accessStyle: AccessStyle): Promise<Kept> {
	const accounts: GongAccount[] = [];
	const ends = { tell: (): void => undefined };
	const gong = await startLocalGong({
		accounts,
		assumptions: { callWithoutUsers: accessStyle },
		latency: 0,
		// The company's people take two pages.
		pageSize: 3,
		onRequestEnd: () => ends.tell(),
	});
	return { gong, accounts, ends };
}

function newAccount(): GongAccount {
	keys += 1;
	return {
		accessKey: `MODEL0KEY0${keys}0OF0LOCAL0GONG`,
		accessKeySecret: `model-secret-${keys}-of-the-local-gong`,
		scopes: ALL_SCOPES,
	};
}

export async function takeGong(
	data: GongData,
	accessStyle: AccessStyle,
	latency: number,
): Promise<OwnGong> {
	const kept = idle.get(accessStyle)?.pop() ?? (await start(accessStyle));
	const { gong, accounts, ends } = kept;
	const own = [newAccount(), newAccount()];
	gong.reset();
	gong.state.load(data);
	accounts.splice(0, accounts.length, ...own);
	gong.setLatency(latency);
	return {
		gong,
		accounts: own,
		watch: (onEnd) => {
			ends.tell = onEnd;
		},
		release: async (mayBeUsedAgain) => {
			ends.tell = () => undefined;
			if (!mayBeUsedAgain) return await gong.close();
			idle.set(accessStyle, [...(idle.get(accessStyle) ?? []), kept]);
		},
	};
}

/** Closes those that no run uses. */
export async function closeIdleGongs(): Promise<void> {
	const all = [...idle.values()].flat();
	idle.clear();
	await Promise.all(all.map(async ({ gong }) => await gong.close()));
}
