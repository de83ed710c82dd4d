/** Gong's limit for a whole company, whatever the endpoint. */
export interface RateLimit {
	perSecond: number;
	perDay: number;
}

/** What Gong documents. */
export const GONG_LIMIT: RateLimit = { perSecond: 3, perDay: 10_000 };

interface CompanyUse {
	/** When each request of the last second was let through, oldest first; ms of a steady clock. */
	recent: number[];
	day: string;
	today: number;
}

const SECOND = 1_000;

function dayOf(time: Date): string {
	return time.toISOString().slice(0, 10);
}

function secondsLeftOfDay(time: Date): number {
	const midnight = Date.UTC(time.getUTCFullYear(), time.getUTCMonth(), time.getUTCDate() + 1);
	return Math.max(1, Math.ceil((midnight - time.getTime()) / SECOND));
}

/** Counts requests by company, over the last second and over the day (UTC). */
export class LimitGate {
	private readonly use = new Map<string, CompanyUse>();

	constructor(private limit: RateLimit | false) {}

	/** Sets another limit, or none, and starts counting anew. */
	setLimit(limit: RateLimit | false): void {
		this.limit = limit;
		this.clear();
	}

	/** Forgets what was counted. */
	clear(): void {
		this.use.clear();
	}

	/**
	 * Lets a request that has just arrived through (`null`) and counts it, or refuses it with the seconds to
	 * wait. A refused request is not counted.
	 */
	check(company: string): number | null {
		const now = performance.now();
		const time = new Date();
		const use = this.useOf(company, dayOf(time));
		if (this.limit === false) {
			use.today += 1;
			return null;
		}
		if (use.today >= this.limit.perDay) return secondsLeftOfDay(time);
		while (use.recent.length > 0 && use.recent[0] <= now - SECOND) use.recent.shift();
		if (use.recent.length >= this.limit.perSecond) {
			// Whole seconds only, as in the header.
			return Math.max(1, Math.ceil((use.recent[0] + SECOND - now) / SECOND));
		}
		use.recent.push(now);
		use.today += 1;
		return null;
	}

	/** How many more requests the company may send today. */
	remaining(company: string): number {
		const { perDay } = this.limit === false ? GONG_LIMIT : this.limit;
		return Math.max(0, perDay - this.useOf(company, dayOf(new Date())).today);
	}

	private useOf(company: string, day: string): CompanyUse {
		const known = this.use.get(company);
		if (known?.day === day) return known;
		const use = { recent: known?.recent ?? [], day, today: 0 };
		this.use.set(company, use);
		return use;
	}
}
