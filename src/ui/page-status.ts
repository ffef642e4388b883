import { createContext } from 'react';
import type { ReactNode } from 'react';

/** What stands at the foot of every page, given once by the app: pages need not know what it is. */
export const PageStatus = createContext<ReactNode>(undefined);
