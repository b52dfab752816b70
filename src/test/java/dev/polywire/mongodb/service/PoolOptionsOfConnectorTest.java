package dev.polywire.mongodb.service;

import static dev.polywire.mongodb.service.MongoOptionsTest.read;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.polywire.core.bus.DeployedInstance;
import dev.polywire.mongodb.session.MongoPoolOptions;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The options of a pool, and how the instances of a connector divide it. */
class PoolOptionsOfConnectorTest {

    /** The same for those of the pool, where a connection string has some, too. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {'maxPoolSize':7,'minPoolSize':3,'maxConnecting':4,'maxIdleMillis':5000}                             | 7    | 3 | 4 | 5000
            {'uri':'mongodb://h/?maxPoolSize=7&minPoolSize=3&maxConnecting=4&maxIdleTimeMS=5000'}                | 7    | 3 | 4 | 5000
            {'uri':'mongodb://h/?maxPoolSize=7','minPoolSize':7,'maxConnecting':4,'maxIdleMillis':0}             | 7    | 7 | 4 | 0
            {'uri':'mongodb://h/?minPoolSize=20&maxConnecting=100&maxIdleTimeMS=0','maxPoolSize':1000}           | 1000 | 20 | 100 | 0
            {'minPoolSize':16,'maxConnecting':1,'maxIdleMillis':86400000}                                        | 16   | 16 | 1 | 86400000
            """)
    void theFieldsOfAPool(String json, int most, int least, int connecting, long idleMillis) {
        assertEquals(
                new MongoPoolOptions(most, least, connecting, idleMillis, 3_600_000, 1_000, 8, 20, 32),
                read(json).pool());
        assertEquals(List.of(), read(json).remarks());
    }

    @Test
    void theOtherFieldsOfAPool() {
        MongoOptions options = read(
                "{'maxLifetimeMillis':1000,'maxWaiting':0,'pipeline':1,'pipelineMillis':0,'maxDedicatedConnections':0,"
                        + "'maxTime':false}");
        assertEquals(new MongoPoolOptions(16, 0, 2, 600_000, 1_000, 0, 1, 0, 0), options.pool());
        assertFalse(options.maxTime());
    }

    /** Without a word, and with each: a server that offers to stream does, but for the one that says not to. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                                | true
            {'serverMonitoringMode':'auto'}                   | true
            {'serverMonitoringMode':'stream'}                 | true
            {'serverMonitoringMode':'poll'}                   | false
            {'uri':'mongodb://h/?serverMonitoringMode=auto'}   | true
            {'uri':'mongodb://h/?serverMonitoringMode=stream'} | true
            {'uri':'mongodb://h/?serverMonitoringMode=poll'}   | false
            """)
    void whetherTheServerStreams(String json, boolean streams) {
        assertEquals(streams, read(json).streamsHello());
        assertEquals(List.of(), read(json).remarks());
    }

    /** The parts together are never more than the whole, but for instances that would have none. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            16 | 8  | 32 | 1 | 16        | 8         | 32
            16 | 8  | 32 | 3 | 6 5 5     | 3 3 2     | 11 11 10
            5  | 5  | 1  | 4 | 2 1 1 1   | 2 1 1 1   | 1 1 1 1
            2  | 1  | 0  | 4 | 1 1 1 1   | 1 0 0 0   | 0 0 0 0
            """)
    void instancesDivideThePool(
            int most, int least, int dedicated, int instances, String sizes, String leasts, String dedicateds) {
        MongoOptions options = read("{'maxPoolSize':" + most + ",'minPoolSize':" + least + ",'maxDedicatedConnections':"
                + dedicated + ",'maxWaiting':5,'pipeline':3}");
        List<MongoPoolOptions> parts = IntStream.range(0, instances)
                .mapToObj(number -> options.pool(new DeployedInstance(number, instances)))
                .toList();
        assertEquals(sizes, joined(parts, MongoPoolOptions::maxPoolSize));
        assertEquals(leasts, joined(parts, MongoPoolOptions::minPoolSize));
        assertEquals(dedicateds, joined(parts, MongoPoolOptions::maxDedicatedConnections));
        assertEquals("5 ".repeat(instances).strip(), joined(parts, MongoPoolOptions::maxWaiting));
        assertEquals("3 ".repeat(instances).strip(), joined(parts, MongoPoolOptions::pipeline));
    }

    private static String joined(List<MongoPoolOptions> parts, ToIntFunction<MongoPoolOptions> number) {
        return parts.stream().map(each -> "" + number.applyAsInt(each)).collect(Collectors.joining(" "));
    }

    /** Once for all instances. */
    @Test
    void moreInstancesThanConnectionsAreSaid() {
        MongoOptions options =
                read("{'uri':'mongodb://h/?retryReads=true','maxPoolSize':3,'maxDedicatedConnections':2}");
        assertEquals(1, options.remarks(DeployedInstance.ALONE).size());
        assertEquals(
                List.of(
                        "uri: its retryReads has no effect",
                        "maxPoolSize: 3 is less than one for each of 4 instances, so that each has one",
                        "maxDedicatedConnections: 2 is less than one for each of 4 instances, so that each has one"),
                options.remarks(new DeployedInstance(0, 4)));
        assertEquals(List.of(), options.remarks(new DeployedInstance(1, 4)));
        assertEquals(
                1, read("{'maxPoolSize':3}").remarks(new DeployedInstance(0, 4)).size());
        assertEquals(List.of(), read("{'maxDedicatedConnections':0}").remarks(new DeployedInstance(0, 4)));
    }
}
