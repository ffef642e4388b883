/** The protocol these journals are written in. Rows of a later one are left alone. */
export const protocolVersion = 1;
