import com.github.msemys.esjc.AllEventsSlice;
import com.github.msemys.esjc.EventData;
import com.github.msemys.esjc.EventReadResult;
import com.github.msemys.esjc.EventStore;
import com.github.msemys.esjc.ExpectedVersion;
import com.github.msemys.esjc.Position;
import com.github.msemys.esjc.RecordedEvent;
import com.github.msemys.esjc.ResolvedEvent;
import com.github.msemys.esjc.StreamEventsSlice;
import com.github.msemys.esjc.StreamPosition;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** Events, slices, iterators, links and $all. */
final class EsjcReading {

    private final EventStore store;

    EsjcReading(EventStore store) {
        this.store = store;
    }

    void addTo(Map<String, EsjcDriver.Scenario> scenarios) {
        scenarios.put("read event", this::event);
        scenarios.put("read what was written", this::content);
        scenarios.put("read forward", this::forward);
        scenarios.put("read backward", this::backward);
        scenarios.put("read nothing", this::nothing);
        scenarios.put("iterate", this::iterate);
        scenarios.put("links", this::links);
        scenarios.put("read all", this::all);
        scenarios.put("iterate all", this::iterateAll);
    }

    private String event() throws Exception {
        EsjcDriver.fill(store, "event", 3);
        EventReadResult last = EsjcDriver.await(store.readEvent("event", StreamPosition.END, false));
        return read("event", 1) + ", last " + last.event.event.eventNumber + ", event 3: " + read("event", 3)
                + ", no stream: " + read("no event", 0);
    }

    private String read(String stream, long number) throws Exception {
        EventReadResult result = EsjcDriver.await(store.readEvent(stream, number, false));
        return result.event == null ? result.status.toString() : result.status + " " + result.event.event.eventNumber;
    }

    private String content() throws Exception {
        UUID id = UUID.randomUUID();
        byte[] bytes = {0, -1, 127, -128};
        EsjcDriver.await(store.appendToStream(
                "content \u00fc \ud83d\udc34",
                ExpectedVersion.NO_STREAM,
                EventData.newBuilder()
                        .eventId(id)
                        .type("Type \u00e9")
                        .data(bytes)
                        .jsonMetadata("{\"by\":\"\u00fc\"}")
                        .build()));
        RecordedEvent read = EsjcDriver.await(store.readEvent("content \u00fc \ud83d\udc34", 0, false)).event.event;
        boolean recent = Duration.between(read.created, Instant.now()).abs().toMinutes() < 5;
        return "id " + read.eventId.equals(id)
                + ", type " + read.eventType.equals("Type \u00e9")
                + ", data " + java.util.Arrays.equals(read.data, bytes) + (read.isJson ? " JSON" : " binary")
                + ", metadata " + new String(read.metadata, StandardCharsets.UTF_8).equals("{\"by\":\"\u00fc\"}")
                + ", stream " + read.eventStreamId.equals("content \u00fc \ud83d\udc34")
                + ", of now " + recent;
    }

    private String forward() throws Exception {
        EsjcDriver.fill(store, "forward", 5);
        return told(EsjcDriver.await(store.readStreamEventsForward("forward", 0, 2, false)))
                + "; " + told(EsjcDriver.await(store.readStreamEventsForward("forward", 3, 10, false)))
                + "; " + told(EsjcDriver.await(store.readStreamEventsForward("forward", 9, 10, false)));
    }

    private String backward() throws Exception {
        EsjcDriver.fill(store, "backward", 5);
        return told(EsjcDriver.await(store.readStreamEventsBackward("backward", StreamPosition.END, 2, false)))
                + "; " + told(EsjcDriver.await(store.readStreamEventsBackward("backward", 1, 10, false)))
                + "; " + told(EsjcDriver.await(store.readStreamEventsBackward("backward", 9, 3, false)));
    }

    private String nothing() throws Exception {
        return told(EsjcDriver.await(store.readStreamEventsForward("nothing", 0, 10, false)))
                + "; " + told(EsjcDriver.await(store.readStreamEventsBackward("nothing", StreamPosition.END, 10, false)));
    }

    private static String told(StreamEventsSlice slice) {
        return slice.status + " " + EsjcDriver.numbers(slice.events) + " next " + slice.nextEventNumber + " last "
                + slice.lastEventNumber + (slice.isEndOfStream ? " end" : "");
    }

    /** Its stream says that it knows its size, which it does not: collecting does not ask, {@code toList} does. */
    private String iterate() throws Exception {
        EsjcDriver.fill(store, "iterate", 5);
        return EsjcDriver.numbers(() -> store.iterateStreamEventsForward("iterate", 0, 2, false))
                + EsjcDriver.numbers(() -> store.iterateStreamEventsBackward("iterate", StreamPosition.END, 2, false))
                + EsjcDriver.numbers(store.streamEventsForward("iterate", 1, 3, false).collect(Collectors.toList()));
    }

    private String links() throws Exception {
        EsjcDriver.fill(store, "linked", 3);
        EventData link = EventData.newBuilder().linkTo(2, "linked").build();
        EventData broken = EventData.newBuilder().linkTo(7, "linked").build();
        EsjcDriver.await(store.appendToStream("links", ExpectedVersion.NO_STREAM, List.of(link, broken)));
        List<ResolvedEvent> resolved = EsjcDriver.await(store.readStreamEventsForward("links", 0, 10, true)).events;
        List<ResolvedEvent> plain = EsjcDriver.await(store.readStreamEventsForward("links", 0, 10, false)).events;
        return told(resolved) + "; " + told(plain);
    }

    private static String told(List<ResolvedEvent> events) {
        return String.join(
                ", ",
                events.stream()
                        .map(each -> (each.event == null ? "nothing" : each.event.eventNumber + "@" + each.event.eventStreamId)
                                + (each.link == null ? "" : " by " + each.link.eventNumber + "@" + each.link.eventStreamId))
                        .toList());
    }

    private String all() throws Exception {
        EsjcDriver.fill(store, "of all", 3);
        AllEventsSlice last = EsjcDriver.await(store.readAllEventsBackward(Position.END, 3, false));
        Position before = last.nextPosition;
        AllEventsSlice again = EsjcDriver.await(store.readAllEventsForward(before, 10, false));
        AllEventsSlice nothing = EsjcDriver.await(store.readAllEventsForward(again.nextPosition, 10, false));
        AllEventsSlice first = EsjcDriver.await(store.readAllEventsForward(Position.START, 1, false));
        return EsjcDriver.numbers(last.events) + EsjcDriver.numbers(again.events) + EsjcDriver.numbers(nothing.events)
                + " end " + nothing.isEndOfStream() + ", first " + first.events.size() + ", next is later: "
                + (first.nextPosition.compareTo(first.fromPosition) > 0);
    }

    private String iterateAll() throws Exception {
        EsjcDriver.fill(store, "iterate all", 5);
        List<ResolvedEvent> forward = new ArrayList<>();
        store.iterateAllEventsForward(Position.START, 7, false).forEachRemaining(forward::add);
        List<ResolvedEvent> backward = new ArrayList<>();
        store.iterateAllEventsBackward(Position.END, 7, false).forEachRemaining(backward::add);
        java.util.Collections.reverse(backward);
        boolean grows = true;
        Iterator<ResolvedEvent> reversed = backward.iterator();
        for (int i = 0; i < forward.size(); i++) {
            grows &= i == 0 || forward.get(i).originalPosition.compareTo(forward.get(i - 1).originalPosition) > 0;
            grows &= reversed.hasNext() && reversed.next().originalPosition.equals(forward.get(i).originalPosition);
        }
        return EsjcDriver.numbers(forward.stream()
                        .filter(each -> each.originalStreamId().equals("iterate all"))
                        .toList())
                + ", positions grow and are the same backwards: " + (grows && !reversed.hasNext());
    }
}
