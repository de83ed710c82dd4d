import type { IDataObject } from 'n8n-workflow';
import type { GongCall, GongUser } from '../harness/gong';
import { CALLS, dataOf } from './company';
import type { ReadCase } from './readCase';

export const isKnown = (callId: string): boolean => CALLS.includes(callId);

/** Makes the rows that the contract requires, without their request IDs. */
export class Rows {
	private readonly users: Map<string, GongUser>;
	private readonly details: Map<string, GongCall>;

	constructor(private readonly run: ReadCase) {
		const { users, calls } = dataOf(run.company);
		this.users = new Map(users.map((user) => [user.id, user]));
		this.details = new Map(calls.map((call) => [call.id, call]));
	}

	private user(userId: string | null): IDataObject {
		if (!this.run.includeUserDetails) return { userId };
		const user = this.users.get(userId ?? '');
		const names = [user?.firstName, user?.lastName].filter(Boolean).join(' ');
		return {
			userId,
			userName: names || null,
			userEmail: user?.emailAddress ?? null,
			userActive: user?.active ?? null,
		};
	}

	private call(callId: string): IDataObject {
		if (!this.run.includeCallDetails) return { callId };
		const call = this.details.get(callId);
		return {
			callId,
			callTitle: call?.title ?? null,
			callUrl: call?.url ?? null,
			callStarted: call?.started ?? null,
		};
	}

	private found(callId: string): IDataObject {
		return this.run.report ? { found: isKnown(callId) } : {};
	}

	given(callId: string): string[] {
		return this.run.company.given[callId] ?? [];
	}

	/** The rows of one call. */
	of(callId: string): IDataObject[] {
		const users = this.given(callId);
		if (this.run.splitInto === 'calls') {
			const list = users.map((userId) => this.user(userId));
			return [{ ...this.call(callId), users: list, ...this.found(callId) }];
		}
		const row = (userId: string | null): IDataObject => ({
			...this.call(callId),
			...this.user(userId),
			...this.found(callId),
		});
		if (users.length > 0) return users.map(row);
		const isTold = this.run.includeCallsWithoutUsers || !isKnown(callId);
		return isTold ? [row(null)] : [];
	}

	/** The rows of people, each with the answered calls. */
	ofPeople(calls: string[]): IDataObject[] {
		const people = [...new Set(calls.flatMap((callId) => this.given(callId)))];
		return people.map((userId) => {
			const own = [...new Set(calls)].filter((callId) => this.given(callId).includes(userId));
			return {
				...this.user(userId),
				callIds: own,
				...(this.run.includeCallDetails ? { calls: own.map((callId) => this.call(callId)) } : {}),
				callCount: own.length,
				...(this.run.report ? { found: true } : {}),
			};
		});
	}
}
