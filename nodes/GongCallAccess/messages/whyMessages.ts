import { plain } from './visible';

const MAX_NAME_LENGTH = 100;

/** A way that led to somebody, as far as words need it. */
interface WayInWords {
	way: keyof typeof WAYS;
	certainty: 'stated' | 'documented' | 'derived';
	profile?: { id: string; name: string | null };
	folder?: { id: string; name: string | null };
}

const WAYS = {
	apiGrant: 'given through the API',
	participant: 'took part',
	permissionProfile: 'permission profile',
	commentMention: 'mentioned in a comment',
	libraryFolder: 'library folder',
} as const;

/** Why somebody can see a call, in words; null where no way was found. @param ways the surest first */
export function whyInWords(ways: readonly WayInWords[]): string | null {
	if (ways.length === 0) return null;
	const words = ways.map(({ way, certainty, profile, folder }) => {
		const named = profile ?? folder;
		const name = named ? ` ${plain(named.name ?? named.id, MAX_NAME_LENGTH)}` : '';
		return `${WAYS[way]}${name}${certainty === 'derived' ? ' (likely)' : ''}`;
	});
	return words.join('; ').replace(/^./, (first) => first.toUpperCase());
}
