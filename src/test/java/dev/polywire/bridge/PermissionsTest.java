package dev.polywire.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PermissionsTest {

    private static final String ROOM = "streams.0d5f3c0e-7a55-4f3a-9a51-1c1e2b3a4d5f";

    private static Permissions permissions(String allow) {
        return Permissions.fromJson(Fields.of(new JsonObject("{\"allow\":" + allow.replace('\'', '"') + "}"))
                .objects("allow"));
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
                "true,svc.a.bindings.0d5f3c0e-7a55-4f3a-9a51-1c1e2b3a4d5f,status",
                "true,svc.a.bindings.0d5f3c0e-7a55-4f3a-9a51-1c1e2b3a4d5f,close",
                "false,svc.a.bindings.0d5f3c0e-7a55-4f3a-9a51-1c1e2b3a4d5f,next",
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
                permissions("[{'address':'svc.a','actions':['find']},{'address':'svc.a','actions':['drop']},"
                        + "{'address':'svc.b','actions':'*'}]");
        assertEquals(permitted, permissions.permits(address.replace("ROOM", ROOM), action));
    }

    @Test
    void deniesByDefault() {
        Permissions none = permissions("[]");
        assertFalse(none.permits("svc.a", "find"));
        assertFalse(none.permits("", null));
        assertFalse(none.permits("." + ROOM, "next"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "allow[0].address | {'actions':'*'}",
                "allow[0].address | {'address':'','actions':'*'}",
                "allow[0].address | {'address':'__vertx.x','actions':'*'}",
                "allow[0].address | {'address':'svc.*','actions':'*'}",
                "allow[0].address | {'address':'*','actions':'*'}",
                "allow[0].actions | {'address':'a'}",
                "allow[0].actions | {'address':'a','actions':[]}",
                "allow[0].actions | {'address':'a','actions':['*']}",
                "allow[0].actions | {'address':'a','actions':['find','']}",
                "allow[0].actions | {'address':'a','actions':'find'}",
                "allow[0].actions[0] | {'address':'a','actions':[1]}",
                "allow[0].addressRegex | {'address':'a','actions':'*','addressRegex':'a.*'}",
                "allow[0].match | {'address':'a','actions':'*','match':{}}",
            })
    void refusesWhatIsNotMeant(String path, String allow) {
        FieldException refused = assertThrows(FieldException.class, () -> permissions("[" + allow + "]"));
        assertEquals(path, refused.path());
    }
}
