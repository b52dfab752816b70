package dev.polywire.eventstore.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import dev.polywire.eventstore.client.EventStoreClientOptions;
import dev.polywire.eventstore.session.FlowLimits;
import dev.polywire.eventstore.wire.CredentialsLayout;
import dev.polywire.eventstore.wire.NodePreference;
import dev.polywire.eventstore.wire.UserCredentials;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventStoreOptionsTest {

    private static EventStoreOptions read(String json) {
        return EventStoreOptions.fromJson(Fields.of(new JsonObject(json.replace('\'', '"'))));
    }

    @Test
    void nothingIsALocalServerAndNobody() {
        EventStoreOptions options = read("{}");
        assertEquals("127.0.0.1:1113", options.target());
        assertNull(options.client().credentials());
        assertEquals("eventstore", options.client().connectionName());
        assertEquals(750, options.client().heartbeats().intervalMillis());
        assertEquals(1_500, options.client().heartbeats().timeoutMillis());
        assertEquals(5_000, options.client().maxInFlight());
        assertEquals(67_108_864, options.client().maxPackageBytes());
        assertTrue(options.requireLeader());
        assertFalse(options.retryAny());
        assertEquals(1_048_576, options.maxSliceBytes());
        assertEquals(FlowLimits.DEFAULT, options.flow());
        assertEquals("polywire.eventstore", options.connector().address());
    }

    @Test
    void eachOption() {
        EventStoreOptions options = read("""
                {'host':'h','port':7,'connectTimeoutMillis':9,'name':'n','user':'u','password':'p','connectionName':'c',
                 'heartbeatMillis':0,'heartbeatTimeoutMillis':2,'maxInFlight':3,'maxPackageBytes':1048576,
                 'requireLeader':false,'retryAny':true,'maxSliceBytes':1024,
                 'pageEvents':4,'pageTimeoutMillis':5,'maxLiveEvents':6,'maxLiveBytes':1024}""");
        assertEquals("h:7", options.target());
        EventStoreClientOptions client = options.client();
        assertEquals(new UserCredentials.Password("u", "p"), client.credentials());
        assertEquals("c", client.connectionName());
        assertEquals(0, client.heartbeats().intervalMillis());
        assertEquals(2, client.heartbeats().timeoutMillis());
        assertEquals(3, client.maxInFlight());
        assertEquals(1_048_576, client.maxPackageBytes());
        assertEquals(9, client.loginTimeoutMillis());
        assertFalse(options.requireLeader());
        assertTrue(options.retryAny());
        assertEquals(1_024, options.maxSliceBytes());
        assertEquals(new FlowLimits(4, 5, 6, 1_024), options.flow());
        assertEquals("polywire.n", options.connector().address());
        assertEquals("n", read("{'name':'n'}").client().connectionName());
    }

    /** Servers before 20.6 know no tokens, and longer passwords. */
    @Test
    void aTokenIsForLaterServers() {
        assertEquals(
                new UserCredentials.Token("t"), read("{'token':'t'}").client().credentials());
        assertEquals(
                CredentialsLayout.PASSWORDS_OR_TOKEN,
                read("{'token':'t'}").client().credentialsLayout());
        assertEquals(CredentialsLayout.PASSWORDS, read("{}").client().credentialsLayout());
    }

    @Test
    void tlsIsOfTheConnection() {
        assertNotNull(read("{'tls':{'trust':'ca.pem'}}").endpoint().tls());
        assertNull(read("{}").endpoint().tls());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'cluster':{'seeds':['a']}}                | cluster of a:2113",
                "{'cluster':{'seeds':['a:7','b']}}          | cluster of a:7 and 1 more",
                "{'cluster':{'seeds':['[::1]:7']}}          | cluster of [::1]:7",
                "{'cluster':{'seeds':['[::1]']}}            | cluster of [::1]:2113",
                "{'cluster':{'serviceName':'es.test'}}      | cluster es.test",
            })
    void aCluster(String json, String target) {
        assertEquals(target, read(json).target());
        assertEquals(NodePreference.LEADER, read(json).cluster().preference());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'user':'canary'}                       | password: missing (expected: user and password, or neither)",
                "{'password':'canary'}                   | user: missing (expected: user and password, or neither)",
                "{'token':'canary','user':'u','password':'canary'} | token: beside another one",
                "{'token':'canary','password':'canary'}  | user: missing",
                "{'token':''}                            | token: 0 bytes",
                "{'user':'','password':''}               | password: 0 bytes",
                "{'user':'canary\\ud800','password':'p'} | user: half a surrogate pair",
                "{'user':'u','password':'canary\\ud800'} | password: half a surrogate pair",
                "{'token':'canary\\ud800'}               | token: half a surrogate pair",
                "{'connectionName':'canary\\ud800'}      | connectionName: half a surrogate pair",
                "{'port':0}                              | port: 0 (expected: 1 to 65535)",
                "{'port':65536}                          | port: 65536",
                "{'heartbeatMillis':-1}                  | heartbeatMillis: -1 (expected: 0 to 3600000)",
                "{'heartbeatTimeoutMillis':0}            | heartbeatTimeoutMillis: 0 (expected: 1 to 3600000)",
                "{'maxInFlight':0}                       | maxInFlight: 0 (expected: 1 to 100000)",
                "{'maxPackageBytes':1048575}             | maxPackageBytes: 1048575 (expected: 1048576 to 67108864)",
                "{'maxSliceBytes':1023}                  | maxSliceBytes: 1023 (expected: 1024 to 16777216)",
                "{'maxSliceBytes':16777217}              | maxSliceBytes: 16777217",
                "{'pageEvents':4097}                     | pageEvents: 4097 (expected: 1 to 4096)",
                "{'pageTimeoutMillis':0}                 | pageTimeoutMillis: 0 (expected: 1 to 3600000)",
                "{'maxLiveEvents':0}                     | maxLiveEvents: 0 (expected: 1 to 1000000)",
                "{'maxLiveBytes':1}                      | maxLiveBytes: 1 (expected: 1024 to 1073741824)",
                "{'requireLeader':'canary'}              | requireLeader: ",
                "{'retryAny':1}                          | retryAny: ",
                "{'expectedVersion':1}                   | expectedVersion: unknown field",
                "{'cluster':{}}                          | cluster.seeds: none (expected: seeds or serviceName)",
                "{'cluster':{'seeds':['a'],'serviceName':'b'}} | cluster.seeds: beside serviceName",
                "{'cluster':{'seeds':['a/b']}}           | cluster.seeds: not all of them are",
                "{'cluster':{'seeds':['a:0']}}           | cluster.seeds: not all of them are",
                "{'cluster':{'seeds':['::1']}}           | cluster.seeds: not all of them are",
                "{'cluster':{'seeds':['a'],'preference':'canary'}} | cluster.preference: unknown",
                "{'cluster':{'seeds':['a'],'allowedNetworks':['canary']}} | cluster.allowedNetworks: not all of them",
                "{'cluster':{'seeds':['a'],'more':1}}    | cluster.more: unknown field",
            })
    void isRefused(String json, String complaint) {
        FieldException bad = assertThrows(FieldException.class, () -> read(json));
        assertTrue(bad.getMessage().startsWith(complaint), bad::getMessage);
        assertFalse(bad.getMessage().contains("canary"), bad::getMessage);
    }

    /** What the first package could not carry is said here, and not by each attempt to connect. */
    @Test
    void whatALoginCannotCarryIsRefused() {
        String long128 = "c".repeat(128);
        String long256 = "c".repeat(256);
        assertEquals(
                long128,
                ((UserCredentials.Password) read("{'user':'" + long128 + "','password':'p'}")
                                .client()
                                .credentials())
                        .login());
        for (String json : Set.of(
                "{'user':'" + long256 + "','password':'p'}",
                "{'user':'u','password':'" + long256 + "'}",
                "{'token':'" + "c".repeat(32_769) + "'}")) {
            FieldException bad = assertThrows(FieldException.class, () -> read(json));
            assertFalse(bad.getMessage().contains("ccc"), bad::getMessage);
        }
    }

    @Test
    void secretsAreInNoText() {
        for (String json : Set.of("{'user':'u','password':'canary'}", "{'token':'canary'}")) {
            EventStoreOptions options = read(json);
            assertFalse(options.toString().contains("canary"));
            assertFalse(options.client().toString().contains("canary"));
        }
    }
}
