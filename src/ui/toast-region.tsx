import { useEffect } from 'react';
import { Button, IconButton } from './button.tsx';
import { CloseIcon } from './icons.tsx';
import { closeToast, useToasts } from './toast-store.ts';
import type { Toast } from './toast-store.ts';
import './toast-region.css';

/** Long enough to be read twice, ms. */
const shownMs = 7_000;

/** Where toasts appear, once in the app. It is always there, so that screen readers hear what comes into it. */
export function ToastRegion() {
  const toasts = useToasts((state) => state.toasts);
  return (
    <div className="toasts">
      <div role="log" aria-label="Messages" aria-relevant="additions">
        {toasts.map((toast) => (
          <ToastLine key={toast.id} toast={toast} />
        ))}
      </div>
    </div>
  );
}

function ToastLine({ toast }: { readonly toast: Toast }) {
  const { id, words, action } = toast;
  const stays = action !== undefined;
  useEffect(() => {
    if (stays) return undefined;
    const timer = setTimeout(() => {
      closeToast(id);
    }, shownMs);
    return () => {
      clearTimeout(timer);
    };
  }, [id, stays]);
  return (
    <div className="toast">
      <span dir="auto">{words}</span>
      {action !== undefined && (
        <Button
          onClick={() => {
            closeToast(id);
            action.run();
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton
        label="Close message"
        onClick={() => {
          closeToast(id);
        }}
      >
        <CloseIcon />
      </IconButton>
    </div>
  );
}
