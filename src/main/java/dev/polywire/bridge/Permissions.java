package dev.polywire.bridge;

import dev.polywire.core.bus.Instances;
import dev.polywire.core.bus.request.ServiceAddress;
import dev.polywire.core.bus.watch.NodeWatch;
import dev.polywire.core.json.Fields;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The permissions of a client: only what is listed. Addresses and actions are compared character by character, never as
 * patterns.
 *
 * <pre>
 *   call    [{address, actions, deliver: [address]}]
 *                                  send and publish to it; implies all actions in the rooms of its handles. The action
 *                                  bind only with one of deliver: items are sent there as requests without an action
 *   serve   [address]              register for messages sent to it, and its rooms, &lt;address&gt;.streams.&lt;uuid&gt;;
 *                                  neither polywire nor addresses below it, which belong to the connectors; as deliver
 *   listen  [address]              register for messages published on it
 * </pre>
 *
 * <p>The status of all instances, {@link Instances}, needs no permission of its own: it shows those whose {@code status} may be called.
 *
 * <p>No permission implies {@code <address>.raw} or {@code <address>.events}.
 */
final class Permissions {

    static final Permissions NONE = new Permissions(Map.of(), Set.of(), Set.of());

    /** The prefix of reply addresses for serving clients; they exist in the client's socket, not on the bus. */
    static final String REPLY = "polywire.reply.";

    /** All actions, and messages without one. */
    private static final String ALL = "*";

    /** The action that has items sent to an address, the field {@code address} of its body. */
    private static final String BIND = "bind";

    private static final String TRANSACTIONS = "transactions";
    private static final Map<String, Set<String>> ROOM_ACTIONS = RoomActions.read();
    /** These actions end a handle. */
    private static final Set<String> LAST_ACTIONS = Set.of("close", "commit", "rollback");

    private static final Pattern ROOM =
            Pattern.compile("(.+)\\.([a-z]+)\\.[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    private final Map<String, Called> call;
    private final Set<String> serve;
    private final Set<String> listen;

    /** @param deliver where {@code bind} may have items sent */
    private record Called(Set<String> actions, Set<String> deliver) {

        boolean permits(String action) {
            return actions.contains(ALL) || actions.contains(action);
        }
    }

    private Permissions(Map<String, Called> call, Set<String> serve, Set<String> listen) {
        this.call = call;
        this.serve = serve;
        this.listen = listen;
    }

    /**
     * Reads the fields {@code call}, {@code serve} and {@code listen} from a larger object.
     *
     * <pre>
     *   "call": [{"address": "polywire.mongodb", "actions": ["find", "ping"]},
     *            {"address": "news.latest",      "actions": "*"},               any action, and messages without one
     *            {"address": "polywire.amqp",    "actions": ["bind"], "deliver": ["orders.incoming"]}],
     *   "serve": ["reports.monthly"], "listen": ["polywire.mongodb.events"]
     * </pre>
     */
    static Permissions fromJson(Fields json) {
        Map<String, Called> call = new TreeMap<>();
        for (Fields each : json.objects("call")) {
            String address = each.text("address");
            check(each, "address", address);
            Called read = called(each);
            Called all = call.computeIfAbsent(address, first -> new Called(new TreeSet<>(), new TreeSet<>()));
            all.actions.addAll(read.actions);
            all.deliver.addAll(read.deliver);
            each.done();
        }
        Set<String> serve = addresses(json, "serve", Permissions::checkNotOurs);
        return new Permissions(call, serve, addresses(json, "listen", Permissions::check));
    }

    boolean isEmpty() {
        return call.isEmpty() && serve.isEmpty() && listen.isEmpty();
    }

    /** @param action the header, or null when there is none */
    boolean mayCall(String address, @Nullable String action) {
        if (isReserved(address)) {
            return false;
        }
        if (address.equals(Instances.ADDRESS)) {
            return Instances.STATUS.equals(action) && !seen().isEmpty();
        }
        Called listed = call.get(address);
        return listed != null
                ? listed.permits(action == null ? ALL : action)
                : action != null && inRoom(address, action);
    }

    /** The addresses whose status the client may ask for: those that the status of all instances shows it. */
    Set<String> seen() {
        Set<String> seen = new TreeSet<>();
        call.forEach((address, called) -> {
            if (called.permits(Instances.STATUS)) {
                seen.add(address);
            }
        });
        return seen;
    }

    /** Whether the action {@code bind} may be called, and have items sent to an address. @param to null: it named none */
    boolean mayBind(String address, @Nullable String to) {
        Called listed = call.get(address);
        return mayCall(address, BIND) && listed != null && to != null && listed.deliver.contains(to);
    }

    static boolean isBind(@Nullable String action) {
        return BIND.equals(action);
    }

    /** Whether a call needs a handle: its address is a room that is not itself listed. */
    boolean needsHandle(String address) {
        return !call.containsKey(address) && !address.equals(Instances.ADDRESS);
    }

    boolean mayServe(String address) {
        if (isReserved(address)) {
            return false;
        }
        Matcher room = ROOM.matcher(address);
        return serve.contains(address)
                || (room.matches() && ROOM_ACTIONS.containsKey(room.group(2)) && serve.contains(room.group(1)));
    }

    boolean mayListen(String address) {
        return !isReserved(address) && listen.contains(address);
    }

    /** Addresses without any permission, including the bus's reply addresses, which are counted up and can be guessed. */
    static boolean isReserved(String address) {
        return NodeWatch.isReserved(address) || address.startsWith(REPLY);
    }

    /** The service of this room, or the address itself when it is not a room. */
    static String serviceOf(String address) {
        Matcher room = ROOM.matcher(address);
        return room.matches() && ROOM_ACTIONS.containsKey(room.group(2)) ? room.group(1) : address;
    }

    /** Whether the action ends a handle. */
    static boolean isLast(@Nullable String action) {
        return action != null && LAST_ACTIONS.contains(action);
    }

    /** Whether a failure may have ended the handle: a failed transaction is undone. */
    static boolean endsByFailure(String address) {
        Matcher room = ROOM.matcher(address);
        return room.matches() && room.group(2).equals(TRANSACTIONS);
    }

    private boolean inRoom(String address, String action) {
        Matcher room = ROOM.matcher(address);
        return room.matches()
                && call.containsKey(room.group(1))
                && ROOM_ACTIONS.getOrDefault(room.group(2), Set.of()).contains(action);
    }

    private interface Check {
        void of(Fields json, String name, String address);
    }

    private static Set<String> addresses(Fields json, String name, Check check) {
        Set<String> all = new TreeSet<>();
        List<String> texts = json.texts(name);
        for (int i = 0; i < texts.size(); i++) {
            check.of(json, name + "[" + i + "]", texts.get(i));
            all.add(texts.get(i));
        }
        return all;
    }

    /**
     * No connector of ours is served by a client, or gets items: node watches treat requests below {@code polywire} as lost
     * when no connector has them.
     */
    private static void checkNotOurs(Fields json, String name, String address) {
        check(json, name, address);
        if (ServiceAddress.isOurs(address)) {
            throw json.complaint(
                    name, "at or below polywire (expected: an address that no connector of ours may have)");
        }
    }

    private static void check(Fields json, String name, String address) {
        if (address.isEmpty() || address.length() > FrameJson.MAX_ADDRESS_CHARACTERS) {
            throw json.complaint(
                    name, address.length() + " characters (expected: 1 to " + FrameJson.MAX_ADDRESS_CHARACTERS + ")");
        }
        if (isReserved(address) || address.equals(Instances.ADDRESS)) {
            throw json.complaint(name, "reserved (expected: not one of the bus's own, nor of ours)");
        }
        if (address.contains(ALL)) {
            throw json.complaint(name, "holds * (expected: one exact address; patterns are not known)");
        }
    }

    private static Called called(Fields json) {
        Called called = new Called(actions(json), addresses(json, "deliver", Permissions::checkNotOurs));
        if (json.has("deliver") && !called.permits(BIND)) {
            throw json.complaint("deliver", "without bind (expected: beside the action bind)");
        }
        return called;
    }

    private static Set<String> actions(Fields json) {
        List<String> listed = json.textsOr("actions", ALL);
        if (listed == null) {
            return Set.of(ALL);
        }
        if (listed.isEmpty() || listed.contains(ALL) || listed.contains("")) {
            throw json.complaint("actions", "unclear (expected: a list of actions, or \"*\" for all)");
        }
        return new TreeSet<>(listed);
    }
}
