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
import org.junit.jupiter.params.provider.ValueSource;

class BridgeOptionsTest {

    private static BridgeOptions options(String name, Object value) {
        return BridgeOptions.fromJson(Fields.of(new JsonObject().put("port", 0).put(name, value)));
    }

    @Test
    void hasDefaults() {
        BridgeLimits options = options("host", "127.0.0.1").limits();
        assertEquals(1_048_576, options.maxFrameBytes());
        assertEquals(64, options.maxJsonDepth());
        assertEquals(131_072, options.maxJsonValues());
        assertEquals(256, options.maxRequestsPerSocket());
        assertEquals(4_194_304, options.maxOutputBytes());
        assertEquals(25_000, options.defaultTimeoutMillis());
        assertEquals(600_000, options.maxTimeoutMillis());
        assertEquals(10_000, options.drainMillis());
        assertEquals(1_000, options.maxRegistrationsPerSocket());
        assertEquals(1_000, options.maxHandlesPerSocket());
        assertEquals(10_000, options.maxSockets());
        assertEquals(67_108_864, options.maxTotalBytes());
        assertEquals(10_000, options.loginTimeoutMillis());
        assertEquals(60_000, options.idleTimeoutMillis());
        assertEquals(5_000, options("maxTimeoutMillis", 5_000).limits().defaultTimeoutMillis());
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "::1", "127.0.0.1", "127.0.0.0", "127.255.255.255"})
    void servesThisMachine(String host) {
        assertEquals(host, options("host", host).endpoint().host());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "::",
                "10.0.0.1",
                "128.0.0.1",
                "127.0.0.256",
                "127.1",
                "127.0.0.1.example.org",
                "localhost.example.org",
                "127.0.0.1\n",
                "",
            })
    void servesNobodyElseWithoutTlsAndCredentials(String host) {
        FieldException refused = assertThrows(FieldException.class, () -> options("host", host));
        assertEquals("tls", refused.path());
        assertTrue(refused.getMessage().contains("because the host is not 127.0.0.0/8"), refused.getMessage());
    }

    private static final String TLS = "'tls':{'certificate':'c','key':'k'}";
    private static final String MTLS = "'tls':{'certificate':'c','key':'k','trust':'t'}";
    private static final String TOKEN = "{'name':'n','token':'canary-7f3a0123456789'}";
    private static final String CERTIFICATE = "{'name':'m','certificate':'reports.test'}";

    private static BridgeOptions options(String json) {
        return BridgeOptions.fromJson(Fields.of(new JsonObject(("{'port':0," + json + "}").replace('\'', '"'))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "tls                    | 'host':'0.0.0.0','clients':[TOKEN]",
                "clients                | 'host':'0.0.0.0',TLS",
                "clients                | 'host':'0.0.0.0',TLS,'clients':[TOKEN],'listen':['a']",
                "clients                | 'host':'0.0.0.0',TLS,'listen':['a']",
                "tls.trust              | TLS,'clients':[CERTIFICATE]",
                "tls.trust              | 'clients':[CERTIFICATE]",
                "clients[0].name        | 'clients':[{'token':'canary-7f3a0123456789'}]",
                "clients[0].name        | 'clients':[{'name':'a b','token':'canary-7f3a0123456789'}]",
                "clients[0].token       | 'clients':[{'name':'n'}]",
                "clients[0].token       | 'clients':[{'name':'n','token':'canary-7f3a'}]",
                "clients[0].token       | 'clients':[{'name':'n','token':7}]",
                "clients[0].token       | 'clients':[{'name':'n','token':{'env':'canary-7f3a'}}]",
                "clients[0].token       | 'clients':[{'name':'n','token':'canary-7f3a0123456789','certificate':'c'}]",
                "clients[0].certificate | MTLS,'clients':[{'name':'n','certificate':''}]",
                "clients[1].name        | 'clients':[TOKEN,{'name':'n','token':'canary-7f3a9876543210'}]",
                "clients[1].token       | 'clients':[TOKEN,{'name':'m','token':'canary-7f3a0123456789'}]",
                "clients[1].certificate | MTLS,'clients':[CERTIFICATE,{'name':'x','certificate':'reports.test'}]",
                "clients[0].password    | 'clients':[{'name':'n','token':'canary-7f3a0123456789','password':'canary-7f3a'}]",
                "clients[0].call[0].actions | 'clients':[{'name':'n','token':'canary-7f3a0123456789','call':[{'address':'a'}]}]",
                "clients[0].serve[0]    | 'clients':[{'name':'n','token':'canary-7f3a0123456789','serve':['__vertx.x']}]",
            })
    void refusesCredentialsThatAreNotMeantAndNeverShowsThem(String path, String json) {
        FieldException refused = assertThrows(FieldException.class, () -> options(filled(json)));
        assertEquals(path, refused.path(), refused.getMessage());
        assertFalse(refused.getMessage().contains("canary-7f3a"), refused.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "true,false  | 'call':[]",
                "true,false  | 'listen':['a']",
                "false,false | 'clients':[TOKEN]",
                "false,false | 'clients':[TOKEN],'serve':[]",
                "true,false  | 'clients':[TOKEN],'serve':['a']",
                "false,false | 'host':'0.0.0.0',TLS,'clients':[TOKEN]",
                "false,false | 'host':'0.0.0.0',MTLS,'clients':[TOKEN]",
                "false,false | 'host':'0.0.0.0',MTLS,'clients':[CERTIFICATE]",
                "false,true  | 'host':'0.0.0.0',MTLS,'clients':[TOKEN,CERTIFICATE]",
                "true,true   | MTLS,'clients':[CERTIFICATE],'serve':['a']",
            })
    void whoComesInWithoutCredentials(String expected, String json) {
        BridgeOptions options = options(filled(json));
        assertEquals(expected.strip(), (options.clients().anonymous() != null) + "," + options.certificateIsOptional());
        assertFalse(options.toString().contains("canary-7f3a"), options.toString());
    }

    private static String filled(String json) {
        return json.replaceAll("\\bMTLS\\b", MTLS)
                .replaceAll("\\bTLS\\b", TLS)
                .replace("TOKEN", TOKEN)
                .replace("CERTIFICATE", CERTIFICATE);
    }

    @ParameterizedTest
    @CsvSource({
        "maxFrameBytes,1023",
        "maxFrameBytes,16777217",
        "maxJsonDepth,1",
        "maxJsonDepth,1001",
        "maxJsonValues,99",
        "maxJsonValues,16777217",
        "maxRequestsPerSocket,0",
        "maxOutputBytes,65535",
        "defaultTimeoutMillis,0",
        "defaultTimeoutMillis,600001",
        "maxTimeoutMillis,86400001",
        "drainMillis,-1",
        "drainmillis,1",
        "maxRegistrationsPerSocket,0",
        "maxHandlesPerSocket,0",
        "maxSockets,0",
        "maxTotalBytes,1000",
        "loginTimeoutMillis,99",
        "idleTimeoutMillis,99",
        "allow,1",
        "permitAll,1",
    })
    void refusesWhatIsOutOfRangeOrUnknown(String name, long value) {
        FieldException refused = assertThrows(FieldException.class, () -> options(name, value));
        assertEquals(name, refused.path());
    }
}
