package dev.polywire.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The main artefact, its sources and its documentation. */
@Timeout(180)
class ArtefactIT {

    private static final long MAX_BYTES = 3_500_000;

    /** What everybody gets with the artefact, see {@link ThinArtefactIT}. */
    private static final Pattern LIBRARIES =
            Pattern.compile("(vertx-(core|service-proxy|codegen)|netty-|jackson-core|jspecify).*[.]jar");

    @TempDir
    Path directory;

    @Test
    void holdsNothingButOurs() throws IOException {
        try (JarFile jar = BuiltJar.THIN.open()) {
            Set<String> strange = BuiltJar.names(jar).stream()
                    .filter(name -> !name.matches("dev/|dev/polywire/.*|META-INF/(LICENSE|MANIFEST[.]MF|maven/.*)?"))
                    .collect(Collectors.toSet());
            assertEquals(Set.of(), strange);
            assertTrue(BuiltJar.names(jar).contains("META-INF/LICENSE"));
            assertEquals("dev.polywire", jar.getManifest().getMainAttributes().getValue("Automatic-Module-Name"));
        }
        long bytes = Files.size(BuiltJar.THIN.file());
        assertTrue(bytes <= MAX_BYTES, () -> bytes + " bytes");
    }

    /** It shares no package with the modules of Vert.x and Netty, and its services and proxies are found. */
    @Test
    void isAModuleThatOthersCanRequire() throws Exception {
        Path source = Files.createDirectories(directory.resolve("source"));
        Files.writeString(source.resolve("module-info.java"), """
                module org.example.app {
                    requires dev.polywire;
                    requires io.vertx.core;
                    requires io.vertx.serviceproxy;
                }
                """);
        Files.createDirectories(source.resolve("org/example/app"));
        Files.writeString(source.resolve("org/example/app/App.java"), """
                package org.example.app;

                import dev.polywire.framed.service.FramedServerVerticle;
                import dev.polywire.framed.service.FramedService;
                import io.vertx.core.DeploymentOptions;
                import io.vertx.core.Vertx;
                import io.vertx.core.json.JsonObject;

                public final class App {
                    public static void main(String[] arguments) {
                        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> {
                            thrown.printStackTrace();
                            System.exit(1);
                        });
                        Vertx vertx = Vertx.vertx();
                        JsonObject config = new JsonObject().put("name", "s").put("port", 0).put("codec", "utf8");
                        vertx.deployVerticle(new FramedServerVerticle(), new DeploymentOptions().setConfig(config)).await();
                        System.out.println(FramedService.proxy(vertx, "polywire.s").status().await().getString("state"));
                        vertx.close().await();
                    }
                }
                """);
        String modules = Stream.concat(
                        Stream.of(BuiltJar.THIN.file().toString()),
                        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                                .filter(jar -> LIBRARIES
                                        .matcher(Path.of(jar).getFileName().toString())
                                        .matches()))
                .collect(Collectors.joining(File.pathSeparator));
        Path classes = directory.resolve("classes");
        assertEquals(
                0,
                ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                null,
                                "-p",
                                modules,
                                "-d",
                                classes.toString(),
                                source.resolve("module-info.java").toString(),
                                source.resolve("org/example/app/App.java").toString()));
        try (ProgramProcess app = ProgramProcess.java(
                Map.of(), "-p", modules + File.pathSeparator + classes, "-m", "org.example.app/org.example.app.App")) {
            List<String> said = app.rest();
            assertEquals(0, app.exit(), said::toString);
            assertEquals("ready", said.get(said.size() - 1), said::toString);
        }
    }

    /** Each package is in one of the groups, and what is for applications comes first. */
    @Test
    void itsDocumentationOpensOnThePublicApi() throws IOException {
        try (JarFile jar = BuiltJar.JAVADOC.open()) {
            String overview = BuiltJar.text(jar, "index.html");
            assertTrue(overview.contains("Where to begin"), "the overview");
            List<String> tabs = Pattern.compile("table-tab\">([^<]+)<")
                    .matcher(overview)
                    .results()
                    .map(tab -> tab.group(1))
                    .toList();
            assertEquals(List.of("All Packages", "For applications", "For tests of applications", "Internal"), tabs);
            assertFalse(overview.contains("Other Packages"), "a package in no group");
            for (String each : List.of(
                    "mongodb/service/MongoService", "core/bus/stream/StreamReader", "amqp/server/ScriptedBroker")) {
                assertTrue(overview.contains("href=\"dev/polywire/" + each + ".html\""), each);
            }
        }
    }

    @Test
    void itsSourcesAreThere() throws IOException {
        try (JarFile sources = BuiltJar.SOURCES.open();
                JarFile classes = BuiltJar.THIN.open()) {
            Set<String> files = BuiltJar.names(sources);
            Set<String> missing = BuiltJar.names(classes).stream()
                    .filter(name -> name.matches("dev/[^$]+[.]class"))
                    .map(name -> name.replace(".class", ".java"))
                    .filter(name -> !files.contains(name))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertEquals(Set.of(), missing);
        }
    }
}
