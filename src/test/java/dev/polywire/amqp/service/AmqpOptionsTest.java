package dev.polywire.amqp.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.amqp.wire.SaslMechanism;
import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.testing.Outcome;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AmqpOptionsTest {

    private static AmqpOptions read(String json) {
        return AmqpOptions.fromJson(Fields.of(new JsonObject(json.replace('\'', '"'))));
    }

    @Test
    void nothingIsALocalBrokerAndItsGuest() {
        AmqpOptions options = read("{}");
        assertEquals("amqp://127.0.0.1:5672", options.target());
        assertEquals("PLAIN \0guest\0guest", login(options));
        assertEquals("/", options.session().wire().virtualHost());
        assertEquals("amqp", options.session().wire().connectionName());
        assertEquals(512, options.prefetchCount());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'uri':'amqp://u:p@h/v'}                                | amqp://h:5672 | v | PLAIN \0u\0p",
                "{'uri':'amqp://u:p@h/v','user':'me','virtualHost':'w'}  | amqp://h:5672 | w | PLAIN \0me\0p",
                "{'uri':'amqps://h'}                                     | amqps://h:5671 | / | PLAIN \0guest\0guest",
                "{'uri':'amqp://a,b'}                        | amqp://a:5672 and 1 more | / | PLAIN \0guest\0guest",
                "{'hosts':['x:1','y','z']}                   | amqp://x:1 and 2 more    | / | PLAIN \0guest\0guest",
                "{'uri':'amqps://h?auth_mechanism=external'} | amqps://h:5671           | / | EXTERNAL",
                "{'mechanism':'external'}                    | amqp://127.0.0.1:5672    | / | EXTERNAL",
            })
    void whereAndWho(String json, String target, String virtualHost, String login) {
        AmqpOptions options = read(json);
        assertEquals(target, options.target());
        assertEquals(virtualHost, options.session().wire().virtualHost());
        assertEquals(login.replace("\\0", "\0").trim(), login(options).trim());
    }

    @Test
    void aUriMaySayMore() {
        AmqpOptions options = read("{'uri':'amqp://h?heartbeat=7&connection_timeout=9&channel_max=3'}");
        assertEquals(7, options.session().wire().heartbeatSeconds());
        assertEquals(3, options.session().wire().limits().maxChannels());
        assertEquals(9, options.session().hosts().get(0).connectTimeoutMillis());
        AmqpOptions stronger = read("{'uri':'amqp://h?heartbeat=7&connection_timeout=9','heartbeatSeconds':8,"
                + "'connectTimeoutMillis':10000}");
        assertEquals(8, stronger.session().wire().heartbeatSeconds());
        assertEquals(10_000, stronger.session().hosts().get(0).connectTimeoutMillis());
    }

    @Test
    void tlsIsOfAllHosts() {
        for (EndpointOptions host :
                read("{'uri':'amqps://a,b','tls':{'trust':'ca.pem'}}").session().hosts()) {
            assertNotNull(host.tls());
            assertEquals("ca.pem", host.tls().trust());
        }
    }

    @Test
    void whatIsDeclaredAndBound() {
        AmqpOptions options = read("""
                {'topology':{'exchanges':[{'exchange':'e','type':'fanout'}],'queues':[{'queue':'q'}],
                             'bindings':[{'queue':'q','exchange':'e'},{'destination':'d','source':'e'}]},
                 'bindings':[{'queue':'q','address':'a','prefetch':7,'arguments':{'x-priority':1}}]}""");
        assertEquals(
                "[exchange.declare, queue.declare, queue.bind, exchange.bind]",
                options.declared().stream()
                        .map(each -> each.request().name())
                        .toList()
                        .toString());
        QueueBinding binding = options.bindings().get(0);
        assertEquals(7, binding.subscription().prefetchCount());
        assertEquals(7, binding.options().prefetch());
        assertEquals(
                "{x-priority=1}", binding.subscription().consume().arguments().toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'uri':'amqp://u:canary@h:x'}               | uri: not one that can be used",
                "{'uri':'amqp://h?verify=none'}              | uri: not one that can be used",
                "{'uri':'amqp://h?heartbeat=-1'}             | uri: not one that can be used",
                "{'consumerTimeoutMillis':1999}              | consumerTimeoutMillis: 1999 (expected: 0, or 2000 to",
                "{'consumerTimeoutMillis':-1}                | consumerTimeoutMillis: -1",
                "{'hosts':['a/b']}                           | hosts: not all of them are",
                "{'mechanism':'canary'}                      | mechanism: unknown",
                "{'user':'canary\\ud800'}                    | user: half a surrogate pair",
                "{'password':'canary\\ud800'}                | password: half a surrogate pair",
                "{'connectionName':'canary\\ud800'}          | connectionName: half a surrogate pair",
                "{'virtualHost':'canary\\ud800'}             | virtualHost: half a surrogate pair",
                "{'prefetchCount':0}                         | prefetchCount: 0 (expected: 1 to 65535)",
                "{'topology':{'queues':[{'queue':''}]}}      | topology.queues[0].queue: empty",
                "{'topology':{'queues':[{}]}}                | topology.queues[0].queue: missing",
                "{'topology':{'queue':[]}}                   | topology.queue: unknown field",
                "{'bindings':[{'queue':'q'}]}                | bindings[0].address: missing",
                "{'bindings':[{'queue':'q','address':'polywire.mongodb'}]} | bindings[0].address: empty, reserved, or at",
                "{'bindings':[{'queue':'q','address':'a','noAck':true}]} | bindings[0].noAck: unknown field",
                "{'maxFrameBytes':4096}                      | maxFrameBytes: 4096 (expected: 8192 to 16777216)",
            })
    void isRefused(String json, String complaint) {
        FieldException bad = assertThrows(FieldException.class, () -> read(json));
        assertTrue(bad.getMessage().startsWith(complaint), bad::getMessage);
        assertFalse(bad.getMessage().contains("canary"), bad::getMessage);
    }

    @Test
    void secretsAreInNoText() {
        assertFalse(read("{'uri':'amqp://u:canary@h','password':'canary'}")
                .toString()
                .contains("canary"));
    }

    /** However short the broker's time is, an item that is held one at a time is held for more than a second. */
    @ParameterizedTest
    @CsvSource({
        "{}, 1500000",
        "{'consumerTimeoutMillis':2000}, 1665",
        "{'consumerTimeoutMillis':0}, 9223372036854775807"
    })
    void howLongABindingKeepsAMessage(String json, long millis) {
        assertEquals(millis, read(json).consumer().mayWaitMillis());
    }

    /** Never, unless it is asked for, what brokers give up: a queue that is neither durable nor exclusive. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "q  | {}                    | true  | false",
                "'' | {}                    | false | true",
                "q  | {'exclusive':true}    | false | true",
                "q  | {'durable':false}     | false | false",
                "q  | {'exclusive':true,'durable':true} | true | true",
            })
    void queuesAreDurableOrExclusive(String queue, String options, boolean durable, boolean exclusive) {
        var declare = DeclarationJson.queue(queue, Fields.of(new JsonObject(options.replace('\'', '"'))));
        assertEquals(durable, declare.durable());
        assertEquals(exclusive, declare.exclusive());
    }

    private static String login(AmqpOptions options) {
        SaslMechanism mechanism =
                Outcome.value(options.session().auth().mechanisms()).get(0);
        return mechanism.name() + " " + mechanism.initialResponse();
    }
}
