package dev.polywire.eventstore.store;

import static dev.polywire.eventstore.store.StoreEvents.ANY;
import static dev.polywire.eventstore.store.StoreEvents.metadata;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.eventstore.store.StreamAccess.Permission;
import dev.polywire.eventstore.wire.NewEvent;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamAccessTest {

    private static final Map<String, User> USERS = Map.of(
            "nobody", User.ANONYMOUS,
            "admin", new User("admin", Set.of(User.ADMINS)),
            "ops", new User("ops", Set.of(User.OPS)),
            "anna", new User("anna", Set.of("readers")));

    private final StreamStore store = new StreamStore(() -> 0);

    private String allowed(String user, String stream) {
        return Arrays.stream(Permission.values())
                .filter(each -> store.access().may(USERS.get(user), each, stream))
                .map(Permission::key)
                .collect(Collectors.joining(" "));
    }

    private void settings(String json) {
        store.write(
                "$settings",
                ANY,
                List.of(new NewEvent(
                        UUID.randomUUID(), "$settings", NewEvent.JSON, Buffer.buffer(json), Buffer.buffer())));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nobody | s     | $r $w $d $mr $mw",
                "nobody | $s    | ''",
                "ops    | $s    | ''",
                "anna   | $s    | ''",
                "admin  | $s    | $r $w $d $mr $mw",
                "nobody | $all  | ''",
                "ops    | $all  | ''",
                "admin  | $all  | $r $mr $mw",
                "nobody | $$s   | $r $w",
                "admin  | $$s   | $r $w",
                "nobody | $$$s  | ''",
                "admin  | $$$s  | $r $w",
                "admin  | $$$$s | ''",
            })
    void byDefault(String user, String stream, String allowed) {
        assertEquals(allowed, allowed(user, stream));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'$r':'ops'}                       | nobody | $w $d $mr $mw",
                "{'$r':'ops'}                       | ops    | $r $w $d $mr $mw",
                "{'$r':'ops'}                       | admin  | $r $w $d $mr $mw",
                "{'$r':[]}                          | ops    | $w $d $mr $mw",
                "{'$r':['x','readers']}             | anna   | $r $w $d $mr $mw",
                "{'$r':['x','readers']}             | ops    | $w $d $mr $mw",
                "{'$w':'anna','$d':'$ops'}          | anna   | $r $w $mr $mw",
                "{'$w':'anna','$d':'$ops'}          | ops    | $r $d $mr $mw",
                "{'$r':''}                          | nobody | $w $d $mr $mw",
                "{'$mr':'$admins','$mw':'$admins'}  | nobody | $r $w $d",
                "{'$r':['$all','x']}                | nobody | $r $w $d $mr $mw",
                "{'other':1}                        | nobody | $r $w $d $mr $mw",
            })
    void byTheStreamsOwnList(String list, String user, String allowed) {
        metadata(store, "s", "{\"$acl\":" + list.replace('\'', '"') + "}");
        assertEquals(allowed, allowed(user, "s"));
    }

    @Test
    void bySettingsWhereAStreamDoesNotSay() {
        settings("{\"$userStreamAcl\":{\"$r\":\"anna\",\"$w\":\"ops\"},\"$systemStreamAcl\":{\"$r\":\"$all\"}}");
        metadata(store, "s", "{\"$acl\":{\"$w\":\"readers\"}}");

        assertEquals("$r $w $d $mr $mw", allowed("anna", "s"));
        assertEquals("$d $mr $mw", allowed("ops", "s"));
        assertEquals("$w $d $mr $mw", allowed("ops", "other"));
        assertEquals("$r", allowed("nobody", "$s"));
        assertEquals("$r", allowed("nobody", "$all"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "no json",
                "[]",
                "{'$userStreamAcl':1}",
                "{'$userStreamAcl':{'$r':1}}",
                "{'$userStreamAcl':{'$r':'ops'},'$systemStreamAcl':{'$r':[1]}}"
            })
    void settingsThatCannotBeUnderstoodAreNone(String json) {
        settings("{\"$userStreamAcl\":{\"$r\":\"ops\"}}");
        assertEquals("$w $d $mr $mw", allowed("nobody", "s"));

        settings(json.replace('\'', '"'));

        assertEquals("$r $w $d $mr $mw", allowed("nobody", "s"));
        assertEquals("", allowed("nobody", "$s"));
    }

    @Test
    void theListOfAStreamStaysWhenItIsGoneForEver() {
        metadata(store, "s", "{\"$acl\":{\"$r\":\"$admins\"}}");
        store.deleteForEver("s", ANY);

        assertFalse(store.access().may(User.ANONYMOUS, Permission.READ, "s"));
    }

    @Test
    void aLinkIsFollowedForThoseWhoMayReadItsTarget() {
        store.write("t", ANY, StoreEvents.events(1));
        metadata(store, "t", "{\"$acl\":{\"$r\":\"$admins\"}}");
        store.write("l", ANY, List.of(StoreEvents.event("$>", "0@t"), StoreEvents.event("$>", "9@t")));
        StoredEvent good = store.event("l", 0);
        StoredEvent broken = store.event("l", 1);

        assertEquals(new Resolved(store.event("t", 0), good), store.resolve(good, USERS.get("admin")));
        assertEquals(new Resolved(null, broken), store.resolve(broken, USERS.get("admin")));
        assertEquals(null, store.resolve(good, User.ANONYMOUS));
        assertEquals(null, store.resolve(broken, User.ANONYMOUS), "nor is it told whether it is there");
        assertTrue(store.resolve(good).event() != null, "subscriptions do not ask");
    }
}
