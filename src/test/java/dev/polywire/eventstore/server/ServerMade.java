package dev.polywire.eventstore.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.eventstore.wire.DotNetGuid;
import dev.polywire.eventstore.wire.EventRecord;
import dev.polywire.eventstore.wire.EventStoreMessage;
import io.vertx.core.buffer.Buffer;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a server makes up: the values of a recording, and those of our server in their place. The first time that both are seen binds
 * them; later ones must agree.
 */
final class ServerMade {

    private static final String LAST_COMMIT = "lastCommitPosition";
    private static final Set<String> POSITIONS = Set.of(
            "commit",
            "prepare",
            "commitPosition",
            "preparePosition",
            LAST_COMMIT,
            "nextCommitPosition",
            "nextPreparePosition");
    private static final Set<String> NAMES = Set.of("transactionId", "scavengeId");
    /** Each reading of an event gives the same ones. */
    private static final Set<String> TIMES = Set.of("created", "createdEpoch");
    /** How far into a record a client asks. */
    private static final long INSIDE = 1_000;

    private static final Pattern NUMBER = Pattern.compile("\\d+");
    private static final Pattern MOMENT =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(?:Z|\\+00:00)");

    /** By the recording's value. */
    private final TreeMap<Long, Long> positions = new TreeMap<>();

    private final Map<Long, Long> asked = new HashMap<>();
    private final Map<Object, Object> names = new HashMap<>();
    private final Map<String, Object> times = new HashMap<>();

    /** A client's message of the recording, with our values. */
    EventStoreMessage asked(EventStoreMessage recorded) {
        return (EventStoreMessage) question(recorded.getClass(), "", recorded);
    }

    private Object question(Class<?> type, String name, @Nullable Object value) {
        if (value instanceof Record) {
            return remade(
                    (Record) value,
                    component -> question(component.getType(), component.getName(), read(component, value)));
        }
        if (value instanceof List<?> list) {
            return list.stream()
                    .map(each -> question(each.getClass(), name, each))
                    .toList();
        }
        if (value instanceof Long position && POSITIONS.contains(name)) {
            return asked.computeIfAbsent(position, this::ours);
        }
        if (value instanceof Buffer id && name.equals("processedEventIds") && id.length() == 16) {
            return DotNetGuid.bytes((UUID) names.getOrDefault(DotNetGuid.read(id), DotNetGuid.read(id)));
        }
        return NAMES.contains(name) ? names.getOrDefault(value, value) : value;
    }

    private long ours(long position) {
        Map.Entry<Long, Long> before = positions.floorEntry(position);
        return before == null || position - before.getKey() > INSIDE
                ? position
                : before.getValue() + position - before.getKey();
    }

    /** Our server's message with the recording's values, where these are what ours is called there. */
    EventStoreMessage answered(EventStoreMessage recorded, EventStoreMessage ours) {
        return (EventStoreMessage) answer("", "", recorded, ours);
    }

    private Object answer(String owner, String name, @Nullable Object recorded, @Nullable Object ours) {
        if (recorded == null || ours == null || recorded.getClass() != ours.getClass()) {
            return ours;
        }
        if (ours instanceof Record) {
            String event = recorded instanceof EventRecord is ? is.eventNumber() + "@" + is.eventStreamId() : owner;
            return remade(
                    (Record) ours,
                    component -> made(recorded, component)
                            ? bound((EventRecord) recorded, (EventRecord) ours)
                            : answer(event, component.getName(), read(component, recorded), read(component, ours)));
        }
        if (ours instanceof List<?> list && recorded instanceof List<?> expected) {
            List<Object> all = new ArrayList<>();
            for (int i = 0; i < list.size(); i++) {
                all.add(i < expected.size() ? answer(owner, name, expected.get(i), list.get(i)) : list.get(i));
            }
            return all;
        }
        if (POSITIONS.contains(name)) {
            return position((Long) recorded, (Long) ours, name.equals(LAST_COMMIT));
        }
        if (NAMES.contains(name) && isServers(recorded)) {
            return same(names, recorded, ours, name);
        }
        if (name.equals("error")) {
            return inItsNumbers((String) recorded, (String) ours);
        }
        if (name.equals("totalTimeMs")) {
            assertTrue((Integer) ours >= 0, name);
            return recorded;
        }
        if (TIMES.contains(name)) {
            assertTrue((Long) ours > 0, name);
            assertEquals(times.computeIfAbsent(name + " of " + owner, first -> ours), ours, name + " of " + owner);
            return recorded;
        }
        return ours instanceof Buffer && (name.equals("data") || name.equals("metadata"))
                ? moments((Buffer) recorded, (Buffer) ours)
                : ours;
    }

    private static boolean isServers(Object value) {
        return !(value instanceof Long number) || number > 0;
    }

    /**
     * Zero and less are no positions, and must be the same; others keep their order.
     *
     * @param quiet whether ours may stand still where the recorded one has grown by what others wrote to that server
     */
    private Object position(long recorded, long ours, boolean quiet) {
        if (recorded <= 0) {
            return ours;
        }
        if (asked.containsKey(recorded) && !positions.containsKey(recorded)) {
            return asked.get(recorded) == ours ? (Object) recorded : (Object) ours;
        }
        Map.Entry<Long, Long> lower = positions.lowerEntry(recorded);
        Map.Entry<Long, Long> higher = positions.higherEntry(recorded);
        assertTrue(
                lower == null || lower.getValue() < ours + (quiet ? 1 : 0),
                () -> "position " + ours + " is not behind " + lower);
        assertTrue(higher == null || higher.getValue() > ours, () -> "position " + ours + " is not before " + higher);
        return positions.computeIfAbsent(recorded, first -> ours) == ours ? (Object) recorded : (Object) ours;
    }

    private static Object same(Map<Object, Object> bound, Object recorded, Object ours, String name) {
        assertEquals(bound.computeIfAbsent(recorded, first -> ours), ours, name);
        return recorded;
    }

    /** Whether this is the id of an event that the server has written by itself. */
    private static boolean made(Object recorded, RecordComponent component) {
        return component.getName().equals("eventId")
                && recorded instanceof EventRecord event
                && (event.eventStreamId().startsWith("$") || event.eventType().startsWith("$"));
    }

    /** Clients write to such streams, too: then both ids are theirs. */
    private Object bound(EventRecord recorded, EventRecord ours) {
        return recorded.eventId().equals(ours.eventId())
                ? ours.eventId()
                : same(names, recorded.eventId(), ours.eventId(), "id of " + recorded);
    }

    /** A text with positions. */
    private String inItsNumbers(String recorded, String ours) {
        List<Long> theirs = numbers(recorded);
        List<Long> mine = numbers(ours);
        return theirs.size() != mine.size()
                ? ours
                : NUMBER.matcher(ours).replaceAll(each -> {
                    long number = Long.parseLong(each.group());
                    long other = theirs.get(mine.indexOf(number));
                    return other == number ? each.group() : String.valueOf(position(other, number, false));
                });
    }

    private static List<Long> numbers(String text) {
        return NUMBER.matcher(text)
                .results()
                .map(each -> Long.parseLong(each.group()))
                .toList();
    }

    /** Times in a server's own JSON. */
    private static Buffer moments(Buffer recorded, Buffer ours) {
        String expected = recorded.toString("ISO-8859-1");
        String text = ours.toString("ISO-8859-1");
        return MOMENT.matcher(text).results().count() == 1
                        && MOMENT.matcher(expected).results().count() == 1
                        && MOMENT.matcher(text)
                                .replaceAll("T")
                                .equals(MOMENT.matcher(expected).replaceAll("T"))
                ? recorded
                : ours;
    }

    private interface Value {
        @Nullable
        Object of(RecordComponent component);
    }

    private static Object remade(Record record, Value value) {
        try {
            RecordComponent[] components = record.getClass().getRecordComponents();
            Class<?>[] types = new Class<?>[components.length];
            Object[] values = new Object[components.length];
            for (int i = 0; i < components.length; i++) {
                types[i] = components[i].getType();
                values[i] = value.of(components[i]);
            }
            Constructor<?> constructor = record.getClass().getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static @Nullable Object read(RecordComponent component, Object record) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
