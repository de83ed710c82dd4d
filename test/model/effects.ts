/** Gong's own record of what was carried out, whatever became of the answers. */
import type { GongState } from '../harness/gong/state';

/** One user of one call for whom a write was carried out. */
export interface Effect {
	method: 'PUT' | 'DELETE';
	callId: string;
	userId: string;
	/** Whether it changed who has access. */
	changed: boolean;
}

export class Effects {
	readonly all: Effect[] = [];
	private readonly grant: GongState['grant'];
	private readonly revoke: GongState['revoke'];

	constructor(private readonly state: GongState) {
		this.grant = state.grant.bind(state);
		this.revoke = state.revoke.bind(state);
		state.grant = (callId, userId, listed) =>
			this.note('PUT', callId, userId, () => this.grant(callId, userId, listed));
		state.revoke = (callId, userId) =>
			this.note('DELETE', callId, userId, () => this.revoke(callId, userId));
	}

	end(): void {
		Object.assign(this.state, { grant: this.grant, revoke: this.revoke });
	}

	private note(method: Effect['method'], callId: string, userId: string, act: () => void): void {
		const has = (): boolean => this.state.apiAccess.get(callId)?.has(userId) ?? false;
		const before = has();
		act();
		this.all.push({ method, callId, userId, changed: before !== has() });
	}
}
