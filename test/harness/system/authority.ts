import { createCA, type Certificate } from 'mkcert';

/**
 * A certificate authority made for one run: only programs that get its certificate trust it.
 * @param organization its name, which distinguishes two of them
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
