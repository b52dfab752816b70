package dev.polywire.eventstore.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.core.net.HttpResponse;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.eventstore.wire.ClusterMember;
import dev.polywire.eventstore.wire.MemberAddress;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Both shapes of gossip, and what is none. */
class GossipReaderTest {

    private static List<ClusterMember> read(String json) {
        return GossipReader.read(Buffer.buffer(json.replace('\'', '"')));
    }

    /** Recorded from 5.0.11. */
    @Test
    void theShapeOf5() throws IOException {
        List<ClusterMember> members;
        try (InputStream file = getClass().getResourceAsStream("/eventstore/5.0.11/cluster-gossip.json")) {
            members = GossipReader.read(Buffer.buffer(file.readAllBytes()));
        }
        assertEquals(3, members.size());
        assertEquals(
                new ClusterMember(
                        "Slave",
                        true,
                        new MemberAddress("127.0.0.1", 3313),
                        null,
                        new MemberAddress("127.0.0.1", 3314),
                        false),
                members.get(0));
        assertEquals("Master", members.get(2).state());
    }

    /** In the documentation of 20.10 to 23.10; a host may be a name. */
    @Test
    void theShapeSince20() {
        List<ClusterMember> members = read("{'members':[{'instanceId':'x','timeStamp':'2023-01-01T00:00:00Z',"
                + "'state':'ReadOnlyReplica','isAlive':true,'internalTcpIp':'10.0.0.1','internalTcpPort':0,"
                + "'internalSecureTcpPort':1112,'externalTcpIp':'node1.example.com','externalTcpPort':0,"
                + "'externalSecureTcpPort':1113,'httpEndPointIp':'node1.example.com','httpEndPointPort':2113,"
                + "'lastCommitPosition':9007199254740993,'epochId':'y','isReadOnlyReplica':true,'esVersion':'23.10.0'}],"
                + "'serverIp':'10.0.0.1','serverPort':2113}");
        assertEquals(
                List.of(new ClusterMember(
                        "ReadOnlyReplica",
                        true,
                        null,
                        new MemberAddress("node1.example.com", 1113),
                        new MemberAddress("node1.example.com", 2113),
                        true)),
                members);
    }

    @Test
    void manyMembersAreTooMany() {
        String all = IntStream.range(0, 1_000)
                .mapToObj(each -> "{'state':'Slave','isAlive':true}")
                .collect(Collectors.joining(","));
        assertEquals(GossipReader.MAX_MEMBERS, read("{'members':[" + all + "]}").size());
    }

    @Test
    void nobodyIsAnAnswer() {
        assertEquals(List.of(), read("{}"));
        assertEquals(List.of(), read("{'members':[]}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]",
                "''",
                "{\"members\":3}",
                "{\"members\":[3]}",
                "{\"members\":[{\"isAlive\":true}]}",
                "{\"members\":[{\"state\":3}]}",
                "{\"members\":[{\"state\":\"Leader\",\"isAlive\":\"yes\"}]}",
                "{\"members\":[{\"state\":\"Leader\",\"externalTcpIp\":\"h\",\"externalTcpPort\":65536}]}",
                "{\"members\":[{\"state\":\"Leader\",\"externalTcpIp\":\"h\",\"externalTcpPort\":-1}]}",
                "{\"members\":[{\"state\":\"Leader\",\"state\":\"Leader\"}]}",
                "{\"members\":[]",
                "{\"a\":[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]}",
            })
    void whatIsNone(String json) {
        ProtocolException bad = assertThrows(ProtocolException.class, () -> GossipReader.read(Buffer.buffer(json)));
        assertEquals(ProtocolException.Kind.DECODE, bad.kind());
    }

    /** B2: HTTP 502 is no gossip. */
    @Test
    void anotherStatus() {
        ProtocolException bad = assertThrows(
                ProtocolException.class,
                () -> GossipReader.read(new HttpResponse(502, "application/json", Buffer.buffer("{}"))));
        assertEquals("gossip: status 502 (expected: 200)", bad.getMessage());
    }
}
