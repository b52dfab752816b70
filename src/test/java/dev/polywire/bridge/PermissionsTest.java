package dev.polywire.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PermissionsTest {

    private static final String ROOM = "streams.0d5f3c0e-7a55-4f3a-9a51-1c1e2b3a4d5f";

    private static Permissions permissions(String json) {
        Fields fields = Fields.of(new JsonObject(json.replace('\'', '"')));
        Permissions permissions = Permissions.fromJson(fields);
        fields.done();
        return permissions;
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            nullValues = "-",
            value = {
                // what is listed
                "true,svc.a,find",
                "true,svc.a,drop",
                "true,svc.b,anything",
                "true,svc.b,-",
                // another action, or none
                "false,svc.a,-",
                "false,svc.a,\"\"",
                "false,svc.a,Find",
                "false,svc.a,\"find \"",
                "false,svc.a,fin",
                "false,svc.a,findOne",
                "false,svc.a,*",
                // almost the address
                "false,Svc.a,find",
                "false,svc.a.,find",
                "false,.svc.a,find",
                "false,svc..a,find",
                "false,svc.a/../b,find",
                "false,svc-a,find",
                "false,svcxa,find",
                "false,svc.aa,find",
                "false,svc,find",
                "false,*,find",
                "false,\"svc.a \",find",
                "false,\"svc.a\n\",find",
                "false,\"svc.a\0\",find",
                "false,\"svc.\0a\",find",
                "false,svc.\u0430,find",
                "false,s\u200bvc.a,find",
                "false,\uff53vc.a,find",
                // not implied
                "false,svc.a.raw,find",
                "false,svc.a.events,find",
                "false,svc.b.raw,anything",
                // rooms of the handles of a permitted service
                "true,svc.a.ROOM,next",
                "true,svc.a.ROOM,close",
                "true,svc.b.ROOM,next",
                "false,svc.a.ROOM,find",
                "false,svc.b.ROOM,anything",
                "false,svc.a.ROOM,-",
                "false,svc.c.ROOM,next",
                "false,svc.a.x.ROOM,next",
                "false,svc.a.ROOM.x,next",
                "false,svc.aROOM,next",
                "false,svc.a.raw.0d5f3c0e-7a55-4f3a-9a51-1c1e2b3a4d5f,next",
                "false,svc.a.streams,next",
                "false,svc.a.streams.,next",
                "false,svc.a.streams.1,next",
                "false,svc.a.streams.0D5F3C0E-7A55-4F3A-9A51-1C1E2B3A4D5F,next",
                "false,\"svc.a.ROOM\n\",next",
                // the bus's own
                "false,__vertx.reply.1,-",
                "false,__vertx.reply.1,find",
                "false,__vertx,find",
            })
    void comparesCharacterByCharacter(boolean permitted, String address, String action) {
        Permissions permissions =
                permissions("{'call':[{'address':'svc.a','actions':['find']},{'address':'svc.a','actions':['drop']},"
                        + "{'address':'svc.b','actions':'*'}],'serve':['svc.c'],'listen':['svc.c']}");
        assertEquals(permitted, permissions.mayCall(address.replace("ROOM", ROOM), action));
    }

    @Test
    void deniesByDefault() {
        Permissions none = permissions("{}");
        assertFalse(none.mayCall("svc.a", "find"));
        assertFalse(none.mayCall("", null));
        assertFalse(none.mayCall("." + ROOM, "next"));
        assertFalse(none.mayServe("svc.a"));
        assertFalse(none.mayListen("svc.a"));
        assertTrue(none.isEmpty());
    }

    @ParameterizedTest
    @CsvSource({
        "svc.s,true,false",
        "svc.s.ROOM,true,false",
        "svc.l,false,true",
        "svc.l.ROOM,false,false",
        "svc.l.events,false,false",
        "svc.e.events,false,true",
        "svc.s.events,false,false",
        "svc.s.raw,false,false",
        "svc.s.x.0d5f3c0e-7a55-4f3a-9a51-1c1e2b3a4d5f,false,false",
        "svc.s.streams.1,false,false",
        "svc.s.x.ROOM,false,false",
        "Svc.s,false,false",
        "svc.s.,false,false",
        "svc.c,false,false",
        "svc.c.ROOM,false,false",
        "__vertx.reply.1,false,false",
        "polywire.holds,false,false",
        "polywire.leaving,false,false",
        "polywire.reply.1,false,false",
    })
    void servingAndListeningArePermittedApart(String address, boolean serve, boolean listen) {
        Permissions permissions = permissions("{'call':[{'address':'svc.c','actions':'*'}],'serve':['svc.s'],"
                + "'listen':['svc.l','svc.e.events']}");
        assertEquals(serve, permissions.mayServe(address.replace("ROOM", ROOM)));
        assertEquals(listen, permissions.mayListen(address.replace("ROOM", ROOM)));
    }

    /** What is bound sends items somewhere: that has to be permitted, too. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "true,svc.a,orders.incoming",
                "true,svc.a,orders.more",
                "true,svc.b,orders.incoming",
                "false,svc.a,-",
                "false,svc.a,orders",
                "false,svc.a,orders.incoming.raw",
                "false,svc.a,Orders.incoming",
                "false,svc.a,svc.a",
                "false,svc.b,orders.more",
                "false,svc.c,orders.incoming",
                "false,svc.d,orders.incoming",
                "false,svc.a.ROOM,orders.incoming",
            })
    void bindDeliversWhereItIsPermitted(boolean permitted, String address, String to) {
        Permissions permissions = permissions("{'call':["
                + "{'address':'svc.a','actions':['bind','find'],'deliver':['orders.incoming']},"
                + "{'address':'svc.a','actions':['bind'],'deliver':['orders.more']},"
                + "{'address':'svc.b','actions':'*','deliver':['orders.incoming']},"
                + "{'address':'svc.c','actions':['bind']}]}");
        assertEquals(permitted, permissions.mayBind(address.replace("ROOM", ROOM), to));
    }

    @ParameterizedTest
    @CsvSource({"svc.a,false", "svc.a.ROOM,true", "svc.b,true"})
    void roomsAreOpenedByHandles(String address, boolean needed) {
        Permissions permissions = permissions("{'call':[{'address':'svc.a','actions':'*'}]}");
        assertEquals(needed, permissions.needsHandle(address.replace("ROOM", ROOM)));
        assertEquals("svc.a", Permissions.serviceOf("svc.a." + ROOM));
        assertEquals("svc.a", Permissions.serviceOf("svc.a"));
        assertEquals("svc.a.raw", Permissions.serviceOf("svc.a.raw"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "call[0].address | {'actions':'*'}",
                "call[0].address | {'address':'','actions':'*'}",
                "call[0].address | {'address':'__vertx.x','actions':'*'}",
                "call[0].address | {'address':'svc.*','actions':'*'}",
                "call[0].address | {'address':'*','actions':'*'}",
                "call[0].actions | {'address':'a'}",
                "call[0].actions | {'address':'a','actions':[]}",
                "call[0].actions | {'address':'a','actions':['*']}",
                "call[0].actions | {'address':'a','actions':['find','']}",
                "call[0].actions | {'address':'a','actions':'find'}",
                "call[0].actions[0] | {'address':'a','actions':[1]}",
                "call[0].deliver | {'address':'a','actions':['find'],'deliver':['b']}",
                "call[0].deliver | {'address':'a','actions':['bind'],'deliver':'b'}",
                "call[0].deliver[0] | {'address':'a','actions':['bind'],'deliver':['']}",
                "call[0].deliver[1] | {'address':'a','actions':['bind'],'deliver':['b','b.*']}",
                "call[0].deliver[0] | {'address':'a','actions':'*','deliver':['*']}",
                "call[0].deliver[0] | {'address':'a','actions':'*','deliver':['polywire']}",
                "call[0].deliver[0] | {'address':'a','actions':'*','deliver':['polywire.mongodb']}",
                "call[0].deliver[0] | {'address':'a','actions':'*','deliver':['polywire.reply.1']}",
                "call[0].deliver[0] | {'address':'a','actions':'*','deliver':['__vertx.reply.1']}",
                "call[0].addressRegex | {'address':'a','actions':'*','addressRegex':'a.*'}",
                "call[0].match | {'address':'a','actions':'*','match':{}}",
            })
    void refusesWhatIsNotMeant(String path, String call) {
        FieldException refused = assertThrows(FieldException.class, () -> permissions("{'call':[" + call + "]}"));
        assertEquals(path, refused.path());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "serve[0] | {'serve':['']}",
                "serve[1] | {'serve':['a','__vertx.a']}",
                "serve[0] | {'serve':['polywire.holds.x']}",
                "serve[0] | {'serve':['polywire']}",
                "serve[1] | {'serve':['polywires','polywire.reports']}",
                "serve[0] | {'serve':[7]}",
                "serve | {'serve':'a'}",
                "listen[0] | {'listen':['polywire.leaving']}",
                "listen[0] | {'listen':['a.*']}",
                "listen[0] | {'listen':[{'address':'a'}]}",
                "publish | {'publish':['a']}",
                "allow | {'allow':[]}",
            })
    void refusesListsThatAreNotMeant(String path, String json) {
        assertEquals(
                path,
                assertThrows(FieldException.class, () -> permissions(json)).path());
    }
}
