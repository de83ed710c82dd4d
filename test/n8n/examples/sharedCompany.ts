import type { GongData, GongState } from '../../harness/gong';
import type { CompanyYear } from './companyYear';

/** A company whose access changes from two sides: others give and take it, and so does a workflow. */
export class SharedCompany implements Pick<CompanyYear, 'dataAt'> {
	private before = -Infinity;
	/** Calls that Gong does not know for a while, with the moment from which it does again. */
	private readonly hidden = new Map<string, number>();

	/** @param state of the local Gong, which has what the workflow did */
	constructor(
		private readonly company: CompanyYear,
		private readonly state: GongState,
	) {}

	/** Has Gong not know a call until then. */
	hide(callId: string, until: number): void {
		this.hidden.set(callId, until);
		this.state.hideCall(callId, 'details', 'access');
	}

	/** The company at this moment: what others did since the last one comes on top of what stands in Gong. */
	dataAt(at: number): GongData {
		const { company, state, before } = this;
		this.before = at;
		const changes = company.grants
			.flatMap(({ from, to, ...pair }) => [
				{ ...pair, when: from, gives: true },
				{ ...pair, when: to, gives: false },
			])
			.filter(({ when }) => before < when && when <= at)
			.sort((one, other) => one.when - other.when);
		for (const { callId, userId, gives } of changes) {
			if (gives) state.grant(callId, userId);
			else state.revoke(callId, userId);
		}
		const data = company.dataAt(at);
		const never = { details: Infinity, access: Infinity };
		const hidden = [...this.hidden].filter(([, until]) => at < until).map(([id]) => [id, never]);
		return {
			...data,
			apiAccess: Object.fromEntries([...state.apiAccess].map(([id, users]) => [id, [...users]])),
			knownFrom: { ...data.knownFrom, ...(Object.fromEntries(hidden) as GongData['knownFrom']) },
		};
	}
}
