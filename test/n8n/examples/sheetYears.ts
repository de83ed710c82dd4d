import { readExample, withFields, withParameters } from '../../harness/n8n/examples';
import type { Workflow } from '../../harness/n8n/workflow';
import type { ExampleRoom } from './exampleRoom';
import type { YearOptions } from './yearRounds';

/** Google has written the rows, and says that it is not available. */
export const GOOGLE_LOSES_AN_ANSWER: Pick<YearOptions, 'refuse' | 'accept'> = {
	refuse: ({ google: { trouble } }) => (trouble.lost = 1),
	accept: ({ google: { trouble } }) => (trouble.lost = 0),
};

/** An example that writes into the local Google Sheet, whose link stands in the node `settings`. */
export function writingTo(google: ExampleRoom['google'], name: string, settings: string): Workflow {
	const example = withFields(readExample(name), settings, { link: google.link });
	return withParameters(example, 'Add or update rows', { authentication: 'serviceAccount' });
}

/** The day of a moment, in UTC. */
export function dayOf(time: number): string {
	return new Date(time).toISOString().slice(0, 10);
}
