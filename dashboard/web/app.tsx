import { useState } from 'preact/hooks';
import { GlyphPatterns } from './bins/bin-glyph.tsx';
import { FilterBar } from './list/filter-bar.tsx';
import { ListCount, ListOrNotice } from './list/list-states.tsx';
import { Sheet } from './list/sheet.tsx';
import { MapView } from './map/map-view.tsx';
import { ConnectionNotice } from './shell/connection.tsx';
import { Header } from './shell/header.tsx';
import { lazyPart } from './shell/lazy-part.tsx';
import { usePage, useTranslation } from './state/page-context.ts';

const Drawer = lazyPart(async () => (await import('./drawer/drawer.tsx')).Drawer);
const InfoDialog = lazyPart(async () => (await import('./shell/info-dialog.tsx')).InfoDialog);

/** The page: map first, list beside or below it, the chosen bin on top. */
export function App() {
  const { navigation, view } = usePage();
  const { text } = useTranslation();
  const [isInfoOpen, setIsInfoOpen] = useState(false);
  const binId = navigation.binId.value;
  return (
    <>
      <a class="skip-link visually-hidden" href="#bin-list">
        {text('app.skipToList')}
      </a>
      <GlyphPatterns />
      <Header onInfo={() => setIsInfoOpen(true)} />
      <main class={binId === null ? 'main' : 'main main--with-drawer'}>
        <Sheet>
          <FilterBar />
          <ListCount />
          <ListOrNotice />
        </Sheet>
        <div class="map-area">
          <ConnectionNotice />
          <MapView />
        </div>
        {binId !== null && (
          <aside
            class="drawer"
            data-sheet="drawer"
            data-drawer-bin={binId}
            aria-label={text('drawer.label', { name: view.selected.value?.bin.name ?? binId })}
          >
            <Drawer binId={binId} />
          </aside>
        )}
      </main>
      {isInfoOpen && <InfoDialog onClose={() => setIsInfoOpen(false)} />}
    </>
  );
}
