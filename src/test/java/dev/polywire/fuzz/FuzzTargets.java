package dev.polywire.fuzz;

import dev.polywire.amqp.wire.AmqpClientFuzz;
import dev.polywire.amqp.wire.AmqpMethodFuzz;
import dev.polywire.amqp.wire.AmqpServerFuzz;
import dev.polywire.amqp.wire.FieldTableFuzz;
import dev.polywire.bolt.wire.BoltClientFuzz;
import dev.polywire.bolt.wire.BoltServerFuzz;
import dev.polywire.bolt.wire.PackStreamFuzz;
import dev.polywire.bridge.BridgeFuzz;
import dev.polywire.core.json.StrictJsonFuzz;
import dev.polywire.eventstore.wire.EventStoreMessageFuzz;
import dev.polywire.eventstore.wire.TcpPackageFuzz;
import dev.polywire.framed.service.FramedJsonFuzz;
import dev.polywire.framed.service.TypedJsonFuzz;
import dev.polywire.framed.service.TypedNotationFuzz;
import dev.polywire.framed.wire.CborFuzz;
import dev.polywire.framed.wire.EnvelopeFuzz;
import dev.polywire.framed.wire.FramedMachineFuzz;
import dev.polywire.framed.wire.PickleFuzz;
import dev.polywire.framed.wire.Utf8Fuzz;
import dev.polywire.mongodb.service.BsonToJsonFuzz;
import dev.polywire.mongodb.service.JsonToBsonFuzz;
import dev.polywire.mongodb.service.MongoAnswerFuzz;
import dev.polywire.mongodb.wire.BsonBoundsFuzz;
import dev.polywire.mongodb.wire.CompressorFuzz;
import dev.polywire.mongodb.wire.CursorReplyFuzz;
import dev.polywire.mongodb.wire.HelloReplyFuzz;
import dev.polywire.mongodb.wire.MongoClientFuzz;
import dev.polywire.mongodb.wire.MongoMessageFuzz;
import dev.polywire.mongodb.wire.MongoServerFuzz;
import dev.polywire.mongodb.wire.MongoUriFuzz;
import dev.polywire.mongodb.wire.ScramFuzz;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** All targets. */
public final class FuzzTargets {

    public static final List<FuzzTarget> ALL = List.of(
            new StrictJsonFuzz(),
            new FramedMachineFuzz(),
            new EnvelopeFuzz(),
            new Utf8Fuzz(),
            new CborFuzz(),
            new PickleFuzz(),
            new FramedJsonFuzz(),
            new TypedNotationFuzz(),
            new TypedJsonFuzz(),
            new MongoClientFuzz(),
            new MongoServerFuzz(),
            new MongoMessageFuzz(),
            new CompressorFuzz(),
            new BsonBoundsFuzz(),
            new HelloReplyFuzz(),
            new CursorReplyFuzz(),
            new MongoAnswerFuzz(),
            new BsonToJsonFuzz(),
            new JsonToBsonFuzz(),
            new MongoUriFuzz(),
            new ScramFuzz(),
            new PackStreamFuzz(),
            new BoltClientFuzz(),
            new BoltServerFuzz(),
            new AmqpClientFuzz(),
            new AmqpServerFuzz(),
            new AmqpMethodFuzz(),
            new FieldTableFuzz(),
            new TcpPackageFuzz(),
            new EventStoreMessageFuzz(),
            new BridgeFuzz());

    static final Path FINDINGS = Path.of(System.getProperty("polywire.basedir", "."), "src/test/resources/fuzz");

    private FuzzTargets() {}

    /** The target with this name, which must be there. */
    public static FuzzTarget named(String name) {
        return ALL.stream()
                .filter(target -> target.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(name));
    }

    /** Where its findings are kept; there need be none. */
    static Path findings(FuzzTarget target) {
        return FINDINGS.resolve(target.name());
    }

    /** What was found once. */
    static List<Path> found(FuzzTarget target) {
        if (!Files.isDirectory(findings(target))) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(findings(target))) {
            return files.sorted().toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
