import type { Gap } from '../messages/explainMessages';
import { whyInWords } from '../messages/whyMessages';
import type { Certainty, Profile, Way, WayName } from '../gong/ways';
import { CERTAINTIES } from '../gong/ways';

/** What was found out about a call. */
export interface Explanation {
	callId: string;
	/** Whether Gong knows the call. */
	found: boolean;
	/** Null where Gong does not say. */
	isPrivate: boolean | null;
	/** Null where Gong does not say. */
	workspaceId: string | null;
	ways: Way[];
	/** Why ways that were chosen could be looked at only in part, or not at all. */
	gaps: Gap[];
	/** Of the answers that it came from. */
	requestIds: string[];
	/** Of the answer that lists API-given access, or else of the call's own. */
	requestId: string | null;
}

/** Why somebody can see a call. */
export interface Reasons {
	via: ReadonlySet<WayName>;
	/** Whether only access given through the API leads there; null where that cannot be said. */
	onlyViaApi: boolean | null;
	/** The one that opens the call the most surely. */
	profile: Profile | undefined;
	/** In words, the surest first; null for nobody. */
	why: string | null;
	/** Of the surest way; null for nobody. */
	certainty: Certainty | null;
	/** Of the surest way besides access given through the API; null where there is none. */
	certaintyWithoutApi: Certainty | null;
}

/** The reasons of everybody who was found for a call, in the order in which the ways name them. */
export function reasonsByUser({ ways, gaps }: Explanation): Map<string, Reasons> {
	// Thousands of people may be found by the same ways; what these say is worked out once.
	const placesOf = new Map<string, string>();
	for (const [place, { userIds }] of ways.entries()) {
		for (const userId of userIds) placesOf.set(userId, `${placesOf.get(userId) ?? ''}${place} `);
	}
	const reasonsOf = new Map<string, Reasons>();
	const found = new Map<string, Reasons>();
	for (const [userId, places] of placesOf) {
		let reasons = reasonsOf.get(places);
		if (!reasons) {
			const own = places.trim().split(' ');
			reasons = reasonsFor(
				own.map((place) => ways[Number(place)]),
				gaps,
			);
			reasonsOf.set(places, reasons);
		}
		found.set(userId, reasons);
	}
	return found;
}

/** What the ways that lead to somebody say; none for nobody. */
export function reasonsFor(ways: Way[], gaps: Gap[]): Reasons {
	const surest = [...ways].sort((one, other) => placeOf(one) - placeOf(other));
	const via = new Set(ways.map(({ way }) => way));
	const isOnlyViaApi = via.size === 1 && via.has('apiGrant');
	return {
		via,
		// A way that could not be looked at whole may lead there although it was not found.
		onlyViaApi: isOnlyViaApi && gaps.length > 0 ? null : isOnlyViaApi,
		profile: surest.find(({ profile }) => profile)?.profile,
		why: whyInWords(surest),
		certainty: surest[0]?.certainty ?? null,
		certaintyWithoutApi: surest.find(({ way }) => way !== 'apiGrant')?.certainty ?? null,
	};
}

function placeOf({ certainty }: Way): number {
	return CERTAINTIES.indexOf(certainty);
}
