/** Gong's logs of who played a call. */

/** The logs that Gong's description names. */
export const LOG_TYPES = [
	'AccessLog',
	'UserActivityLog',
	'UserCallPlay',
	'ExternallySharedCallAccess',
	'ExternallySharedCallPlay',
] as const;

/** One of Gong's logs. */
export type LogType = (typeof LOG_TYPES)[number];

/** An entry of a log, with the fields that Gong gives of it; what is not known is left out. */
export interface GongLogEntry {
	userId?: string;
	userEmailAddress?: string;
	userFullName?: string;
	/** Who played in the user's name. */
	impersonatorUserId?: string;
	impersonatorEmailAddress?: string;
	impersonatorFullName?: string;
	impersonatorCompanyId?: string;
	eventTime: string;
	/** Described by nobody; the fields made here were recorded by others. */
	logRecord: Record<string, unknown>;
}

/** An entry, with the log that it is in and its time in ms since 1970. */
export interface LoggedEvent {
	logType: LogType;
	at: number;
	entry: GongLogEntry;
}

/** A play as briefly as a test wants to say it. */
export interface PlayInput {
	callId: string;
	/** Left out: somebody outside, by a shared link. */
	userId?: string;
	/** When the last piece of it was logged; the others one minute apart before it. */
	at: string;
	/** How many entries tell it; default 2. */
	pieces?: number;
	/** Who played it in the user's name. */
	impersonatorUserId?: string;
	/** Default: `UserCallPlay`, without `userId` `ExternallySharedCallPlay`. */
	logType?: LogType;
	/** Fields of `logRecord` in place of those made. */
	logRecord?: Record<string, unknown>;
}

/** What an entry says of a user. */
interface Person {
	emailAddress: string | null;
	firstName: string | null;
	lastName: string | null;
}

const MINUTE = 60_000;

function personOf(
	id: string | undefined,
	users: Map<string, Person>,
): { id?: string; emailAddress?: string; fullName?: string } {
	const user = users.get(id ?? '');
	const fullName = [user?.firstName, user?.lastName].filter(Boolean).join(' ');
	return {
		id,
		emailAddress: user?.emailAddress ?? undefined,
		fullName: fullName === '' ? undefined : fullName,
	};
}

/** One piece of a play. `sequence_num` is a number in some records and a text in others (recorded). */
function recordOf({ callId, userId }: PlayInput, nth: number, eventTime: string) {
	if (userId === undefined) {
		// The name of the field with the viewer's address is assumed.
		return { call_id: callId, viewer_email_address: 'viewer@acme.example' };
	}
	return {
		call_id: callId,
		start_time: nth * 60,
		end_time: (nth + 1) * 60,
		play_speed: 1,
		device: 'WEB',
		event_time_on_device: eventTime,
		sequence_num: nth % 2 === 0 ? nth : String(nth),
		offline: false,
	};
}

/** The entries of Gong's logs that tell these plays, the oldest first. */
export function makeLogs(plays: PlayInput[], users: Map<string, Person>): LoggedEvent[] {
	const events = plays.flatMap((play) => {
		const { pieces = 2, userId, impersonatorUserId } = play;
		const { logType = userId === undefined ? 'ExternallySharedCallPlay' : 'UserCallPlay' } = play;
		const user = personOf(userId, users);
		const impersonator = personOf(impersonatorUserId, users);
		return Array.from({ length: pieces }, (_, nth): LoggedEvent => {
			const at = Date.parse(play.at) - (pieces - 1 - nth) * MINUTE;
			const eventTime = new Date(at).toISOString();
			const entry = {
				userId: user.id,
				userEmailAddress: user.emailAddress,
				userFullName: user.fullName,
				impersonatorUserId: impersonator.id,
				impersonatorEmailAddress: impersonator.emailAddress,
				impersonatorFullName: impersonator.fullName,
				eventTime,
				logRecord: { ...recordOf(play, nth, eventTime), ...play.logRecord },
			};
			return { logType, at, entry };
		});
	});
	return events.sort((a, b) => a.at - b.at);
}
