package dev.polywire.app.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterOptionsTest {

    private static ClusterOptions read(String json) {
        return ClusterOptions.fromJson(Fields.at("cluster", new JsonObject(json)));
    }

    @Test
    void readsAll() {
        ClusterOptions options = read("""
                {"name": "north", "host": "10.1.2.3", "port": 5800, "busPort": 5900,
                 "members": ["10.1.2.3:5800", "10.1.2.4:5800"],
                 "tls": {"trust": "ca.pem", "certificate": "node.pem", "key": "node.key"}}""");
        assertEquals(
                new ClusterOptions(
                        "north",
                        "10.1.2.3",
                        5800,
                        5900,
                        List.of("10.1.2.3:5800", "10.1.2.4:5800"),
                        new ClusterOptions.Tls("ca.pem", "node.pem", "node.key"),
                        false),
                options);
    }

    @Test
    void aLoneNodeOnLoopbackHasToSayThatItIsInsecure() {
        ClusterOptions options = read("{\"insecure\": true}");
        assertEquals(new ClusterOptions("polywire", "127.0.0.1", 5701, 0, List.of(), null, true), options);
        assertNull(Clustering.bus(options).getTrustOptions());
    }

    /** What would let strangers in cannot be said, or is refused. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | cluster.tls: missing",
                "{'insecure': false} | cluster.tls: missing",
                "{'insecure': 'yes'} | cluster.insecure: a string (expected: true or false)",
                "{'insecure': true, 'tls': {'trust': 'a', 'certificate': 'b', 'key': 'c'}} | cluster.insecure: true beside tls",
                "{'tls': {'certificate': 'b', 'key': 'c'}} | cluster.tls.trust: missing",
                "{'tls': {'trust': 'a'}} | cluster.tls.certificate: missing",
                "{'tls': {'trust': 'a', 'certificate': 'b', 'key': 'c', 'trustAll': true}} | cluster.tls.trustAll: unknown field",
                "{'insecure': true, 'multicast': true} | cluster.multicast: unknown field",
                "{'insecure': true, 'host': '0.0.0.0'} | cluster.host: not usable",
                "{'insecure': true, 'host': '::'} | cluster.host: not usable",
                "{'insecure': true, 'host': '8.8.8.8'} | cluster.host: not usable",
                "{'insecure': true, 'host': 'node.example.org'} | cluster.host: not usable",
                "{'insecure': true, 'members': ['203.0.113.9:5701']} | cluster.members[0]: not usable",
                "{'insecure': true, 'members': ['10.0.0.1:5701', '10.0.0.2']} | cluster.members[1]: not usable (expected: address:port)",
                "{'insecure': true, 'members': ['10.0.0.1:0']} | cluster.members[0]: not usable",
                "{'insecure': true, 'members': ['10.0.0.1:99999']} | cluster.members[0]: not usable",
                "{'insecure': true, 'port': 0} | cluster.port: 0",
                "{'insecure': true, 'name': ''} | cluster.name: not usable",
            })
    void c04WhatLetsStrangersInIsRefused(String json, String complaint) {
        FieldException refused = assertThrows(FieldException.class, () -> read(json.replace('\'', '"')));
        assertTrue(String.valueOf(refused.getMessage()).startsWith(complaint), refused::getMessage);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.255.255.255", "10.0.0.0", "172.16.0.1", "172.31.255.255", "192.168.1.1"})
    void privateAddresses(String address) {
        assertEquals(address, PrivateAddress.require("host", address));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "0.0.0.0",
                "127.1",
                "010.0.0.1",
                "172.15.0.1",
                "172.32.0.1",
                "192.169.0.1",
                "11.0.0.1",
                "10.0.0.1 ",
                "10.0.0.256",
                "::1",
                "10.0.0.1\n",
                "169.254.1.1",
                "*.*.*.*",
                "10.*.*.*",
            })
    void otherAddresses(String address) {
        assertThrows(FieldException.class, () -> PrivateAddress.require("host", address));
    }
}
