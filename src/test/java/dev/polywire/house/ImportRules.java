package dev.polywire.house;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * What must not be imported, held or decided: one rule for each row of the table in CONTRIBUTING.md, and one for each
 * library. The base is an argument, so that the same rules can be run on classes that break them.
 */
final class ImportRules {

    /** Below core.bus, from the bottom up: each uses those before it. What is in core.bus itself is above them. */
    private static final List<String> BUS = List.of("request", "watch", "handle", "stream", "binding");

    private static final List<String> WINGS = List.of("mongodb", "bolt", "framed", "amqp", "eventstore");

    private static final Predicate<JavaClass> EVENT_BUS = resideInAnyPackage("io.vertx.core.eventbus..");
    private static final Predicate<JavaClass> VERTX_NET = resideInAnyPackage(
            "io.vertx.core.net..", "io.vertx.core.http..", "io.vertx.core.dns..", "io.vertx.core.datagram..");
    private static final Predicate<JavaClass> SOCKETS = VERTX_NET.or(Impure.SOCKETS::isUsedAs);
    private static final Predicate<JavaClass> INTERNALS =
            resideInAnyPackage("io.netty..", "io.vertx.core.internal..", "io.vertx..impl..");

    private final String base;

    private ImportRules(String base) {
        this.base = base;
    }

    /** The rules for the packages below {@code base}. */
    static List<ArchRule> of(String base) {
        return new ImportRules(base).rules();
    }

    private List<ArchRule> rules() {
        Predicate<JavaClass> wire = in("core.wire").or(rooms("wire"));
        Predicate<JavaClass> wing = in(WINGS.toArray(String[]::new));
        BiPredicate<JavaClass, JavaClass> elsewhere =
                to(ours().and(in("core.wire").negate())).and(sameRoom().negate());
        return List.of(
                rule(
                        "wire",
                        wire,
                        to(vertxBut("io.vertx.core.buffer").or(INTERNALS)).or(elsewhere),
                        Impure.values()),
                rule(
                        "store",
                        rooms("store"),
                        to(vertxBut("io.vertx.core.json..", "io.vertx.core.buffer")
                                        .or(INTERNALS))
                                .or(to(ours().and(in("core.wire", "core.json").negate())
                                                .and(rooms("wire").negate()))
                                        .and(sameRoom().negate())),
                        Impure.values()),
                rule(
                        "core.json",
                        in("core.json"),
                        to(ours().and(in("core.json").negate())
                                .or(vertxBut("io.vertx.core.json..", "io.vertx.core.buffer")))),
                rule("core.bus", in("core.bus"), higherUp()),
                rule("core.net", in("core.net"), to(in("core.bus").or(wing).or(EVENT_BUS))),
                rule(
                        "client, session, server",
                        rooms("client").or(rooms("session")).or(rooms("server")),
                        to(in("core.bus")
                                .or(EVENT_BUS)
                                .or(resideInAnyPackage("io.vertx.serviceproxy.."))
                                .or(VERTX_NET)
                                .or(rooms("service")))),
                rule(
                        "service",
                        rooms("service"),
                        to(SOCKETS.or(in("core.net")
                                .and(named("core.net.EndpointOptions")
                                        .or(named("core.net.TlsOptions"))
                                        .or(named("core.net.AllowedNetworks"))
                                        .or(named("core.net.Deadline"))
                                        // Why a holder is dropped.
                                        .or(named("core.net.CallException"))
                                        // Handed through by the verticles.
                                        .or(named("core.net.Spi"))
                                        .or(resideInAnyPackage(base + ".core.net")
                                                .and(type ->
                                                        type.getSimpleName().startsWith("Memory")))
                                        // Where a connection stands, which a service tells.
                                        .or(named("core.net.Link$State"))
                                        .negate())))),
                rule(
                        "a wing",
                        wing,
                        to(in("bridge", "app", "embedded"))
                                .or(to(wing).and(sameWing().negate()))),
                rule("bridge", in("bridge"), to(wing.or(in("embedded")))),
                rule("embedded", in("embedded"), to(in("bridge", "app"))),
                noClasses()
                        .that(describe("are outside", in("core.net").negate()::test))
                        .should(new HoldSocketLater(base))
                        .as("sockets")
                        .allowEmptyShould(true),
                noClasses()
                        .that(describe("decide nothing", decidesOutcomes().negate()::test))
                        .should(new DecideOutcome(base))
                        .as("outcomes")
                        .allowEmptyShould(true),
                noClasses()
                        .that(describe(
                                "are no mapping of a protocol",
                                wing.and(type -> !type.getSimpleName().endsWith("Failure"))::test))
                        .should(new TypeFailure(base))
                        .as("typing")
                        .allowEmptyShould(true),
                noClasses()
                        .that(describe("are of a protocol", wing))
                        .should(new BeVerticle())
                        .as("verticles")
                        .allowEmptyShould(true),
                rule("internals", named("core.net.Spi").negate(), to(INTERNALS)),
                library("BSON", "org.bson..", "mongodb"),
                library("protobuf", "com.google.protobuf..", "eventstore.wire"),
                library("RE2", "com.google.re2j..", "eventstore.store"),
                rule("generated messages", in("eventstore.wire").negate(), to(named("eventstore.wire.Protobuf"))),
                library("scram", "com.ongres..", "mongodb"),
                library("aircompressor", "io.airlift.compress..", "mongodb.wire"),
                library("Jackson core", "com.fasterxml.jackson.core..", "core.json"),
                library("Jackson CBOR", "com.fasterxml.jackson.dataformat.cbor.."),
                library("picocli", "picocli..", "app", "bridge"),
                library("Vert.x's HTTP", "io.vertx.core.http..", "core.net", "app", "bridge"),
                library("vertx-config", "io.vertx.config..", "app", "bridge"),
                library("HOCON", "com.typesafe.config..", "app"),
                library("YAML", "org.yaml.snakeyaml..", "app"),
                library("vertx-web", "io.vertx.ext.web..", "app", "bridge"),
                library("Hazelcast", "com.hazelcast..", "app", "bridge"),
                library("vertx-hazelcast", "io.vertx.spi.cluster.hazelcast..", "app", "bridge"),
                library("mongo-java-server", "de.bwaldvogel..", "embedded"),
                library("Qpid", "org.apache.qpid..", "embedded"));
    }

    /** Who says what a lost connection means: the core, the ways over the bridge, and what translates it for another protocol. */
    private Predicate<JavaClass> decidesOutcomes() {
        return in("core.net", "app.cli")
                .or(named("core.bus.request.Failure"))
                .or(named("core.bus.Connector"))
                .or(named("bridge.Refusal"))
                .or(named("bolt.server.Failures"))
                .or(named("bolt.service.QueryFailure"));
    }

    /** A library stays in the packages that may use it; one of tests only has none. */
    private ArchRule library(String name, String packages, String... homes) {
        return rule(name, in(homes).negate(), to(resideInAnyPackage(packages)));
    }

    private ArchRule rule(
            String name, Predicate<JavaClass> from, BiPredicate<JavaClass, JavaClass> forbidden, Impure... impure) {
        return classes()
                .that(describe("are written by hand", ImportRules::isWritten))
                .and(describe(name, from))
                .should(new NotImport(forbidden, List.of(impure)))
                .as(name)
                .allowEmptyShould(true);
    }

    /** Code that the service proxy generator or the protobuf compiler made follows no rule of ours. */
    static boolean isWritten(JavaClass type) {
        return !type.getName().matches(".*(Vertx(EBProxy|ProxyHandler)|\\.eventstore\\.wire\\.Protobuf)(\\$.*)?");
    }

    private static Predicate<JavaClass> vertxBut(String... packages) {
        return resideInAnyPackage("io.vertx..").and(resideInAnyPackage(packages).negate());
    }

    private Predicate<JavaClass> ours() {
        return resideInAnyPackage(base + "..");
    }

    private Predicate<JavaClass> in(String... places) {
        return resideInAnyPackage(
                Arrays.stream(places).map(place -> base + "." + place + "..").toArray(String[]::new));
    }

    private Predicate<JavaClass> rooms(String room) {
        return in(WINGS.stream().map(wing -> wing + "." + room).toArray(String[]::new));
    }

    /** A class and what is nested in it. */
    private Predicate<JavaClass> named(String name) {
        String full = base + "." + name;
        return type -> type.getName().equals(full) || type.getName().startsWith(full + "$");
    }

    private BiPredicate<JavaClass, JavaClass> sameWing() {
        return (from, to) -> place(from, 1).equals(place(to, 1));
    }

    private BiPredicate<JavaClass, JavaClass> higherUp() {
        return (from, to) -> in("core.bus").test(to) && busFloor(to) > busFloor(from);
    }

    /** A package that is not in the list is below all, and may use none of them. */
    private int busFloor(JavaClass type) {
        List<String> place = place(type, 3);
        return place.size() < 3 ? BUS.size() : BUS.indexOf(place.get(2));
    }

    private BiPredicate<JavaClass, JavaClass> sameRoom() {
        return (from, to) -> place(from, 2).equals(place(to, 2));
    }

    /** The first names of a class's package below the base. */
    private List<String> place(JavaClass type, int names) {
        String below = type.getPackageName().substring(base.length());
        return Arrays.stream(below.split("\\.")).skip(1).limit(names).toList();
    }

    private static BiPredicate<JavaClass, JavaClass> to(Predicate<JavaClass> target) {
        return (from, to) -> target.test(to);
    }
}
