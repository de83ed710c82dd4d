import { createCA, type Certificate } from 'mkcert';

/**
 * A certificate authority made for one run: trusted by whoever is given its certificate, and by nobody else.
 * @param organization its name, by which two of them are told apart
 */
export async function makeAuthority(organization: string): Promise<Certificate> {
	return await createCA({
		organization,
		countryCode: 'GB',
		state: '-',
		locality: '-',
		validity: 2,
	});
}
