import { useRef } from 'react';
import type { PointerEvent } from 'react';
import { Dialog, Heading } from 'react-aria-components/Dialog';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { IconButton } from './button.tsx';
import { CloseIcon } from './icons.tsx';
import type { SheetProps } from './sheet.tsx';
import './sections.css';
import './sheet.css';

/** How far a sheet must be pulled towards its edge to close, px: clear of a tap that slipped. */
const swipeDistance = 56;

export function SheetPanel({ onClose, title, from = 'bottom', children }: SheetProps) {
  const { sheet, handlers } = useSwipe(from, onClose);
  return (
    <ModalOverlay
      isOpen
      isDismissable
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
      className="sheet-shade"
      data-from={from}
    >
      <Modal className="sheet" data-from={from} ref={sheet}>
        <Dialog className="sheet-dialog">
          <header className="sheet-head" {...handlers}>
            <Heading slot="title" level={2} dir="auto">
              {title}
            </Heading>
            <IconButton label="Close" onClick={onClose}>
              <CloseIcon />
            </IconButton>
          </header>
          <div className="sheet-body">{children}</div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

/** Follows a finger on the head of the sheet and closes it when it was pulled far enough towards its edge. */
function useSwipe(from: 'bottom' | 'end', onClose: () => void) {
  const sheet = useRef<HTMLDivElement>(null);
  const start = useRef<{ id: number; at: number } | undefined>(undefined);
  const position = (event: PointerEvent) => (from === 'bottom' ? event.clientY : event.clientX);
  const towardsEdge = () =>
    from === 'end' && getComputedStyle(document.documentElement).direction === 'rtl' ? -1 : 1;

  function pulled(event: PointerEvent): number {
    const begun = start.current;
    if (begun?.id !== event.pointerId) return 0;
    return Math.max(0, (position(event) - begun.at) * towardsEdge());
  }
  function place(distance: number) {
    const panel = sheet.current;
    if (panel === null) return;
    const axis = from === 'bottom' ? 'Y' : 'X';
    panel.style.transform =
      distance === 0 ? '' : `translate${axis}(${(distance * towardsEdge()).toString()}px)`;
  }

  return {
    sheet,
    handlers: {
      onPointerDown(event: PointerEvent) {
        if (event.button !== 0 || (event.target as Element).closest('button') !== null) return;
        start.current = { id: event.pointerId, at: position(event) };
        event.currentTarget.setPointerCapture(event.pointerId);
      },
      onPointerMove(event: PointerEvent) {
        if (start.current?.id === event.pointerId) place(pulled(event));
      },
      onPointerUp(event: PointerEvent) {
        const distance = pulled(event);
        start.current = undefined;
        place(0);
        if (distance > swipeDistance) onClose();
      },
      onPointerCancel() {
        start.current = undefined;
        place(0);
      },
    },
  };
}
