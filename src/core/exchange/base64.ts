/** Bytes as text: base64 (RFC 4648 section 4, padded) in files, base64url (section 5, not padded) in links. */

const toText = (bytes: Uint8Array) => {
  let text = ''
  // String.fromCharCode takes its bytes as arguments: in pieces
  for (let i = 0; i < bytes.length; i += 4096) text += String.fromCharCode(...bytes.subarray(i, i + 4096))
  return text
}

export const toBase64 = (bytes: Uint8Array): string => btoa(toText(bytes))

/** Undefined if it is not base64 in its one canonical form. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (text.length % 4 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined
  const bytes = Uint8Array.from(atob(text), c => c.charCodeAt(0))
  return toBase64(bytes) === text ? bytes : undefined
}

export const toBase64Url = (bytes: Uint8Array): string =>
  toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')

export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[\w-]*$/.test(text)) return undefined
  const padded = text.replaceAll('-', '+').replaceAll('_', '/') + '='.repeat((4 - (text.length % 4)) % 4)
  return fromBase64(padded)
}
