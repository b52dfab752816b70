/**
 * Polywire: wire-protocol connectors as Vert.x verticles. Packages are by protocol first and by layer second; the walk from
 * a bus message to a byte is {@code <protocol>.service}, {@code .session}, {@code .client} or {@code .server},
 * {@code .wire}. What all protocols share is in {@code core}.
 */
@ModuleGen(name = "polywire", groupPackage = "dev.polywire")
@NullMarked
package dev.polywire;

import io.vertx.codegen.annotations.ModuleGen;
import org.jspecify.annotations.NullMarked;
