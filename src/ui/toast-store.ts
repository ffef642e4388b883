import { create } from 'zustand';

export interface Toast {
  readonly id: number;
  readonly words: string;
  /** One thing that can be done about it. A toast with an action stays until it is closed. */
  readonly action?: { readonly label: string; readonly run: () => void };
}

interface ToastState {
  readonly toasts: readonly Toast[];
}

/** More than this would hide the class; the oldest gives way. */
const mostToasts = 3;

let nextId = 1;

export const useToasts = create<ToastState>(() => ({ toasts: [] }));

/** Says something once, at the foot of the screen. @returns its id, for `closeToast` */
export function showToast(toast: Omit<Toast, 'id'>): number {
  const id = nextId++;
  useToasts.setState((state) => ({ toasts: [...state.toasts, { ...toast, id }].slice(-mostToasts) }));
  return id;
}

/** Says something else in the same place, if it is still there. */
export function changeToast(id: number, toast: Omit<Toast, 'id'>): void {
  useToasts.setState((state) => ({
    toasts: state.toasts.map((shown) => (shown.id === id ? { ...toast, id } : shown)),
  }));
}

export function closeToast(id: number): void {
  useToasts.setState((state) => ({ toasts: state.toasts.filter((toast) => toast.id !== id) }));
}
