/** A connector without a peer, to test the bus contract with: start at {@link dev.polywire.testing.probe.ProbeService}. */
@ModuleGen(name = "polywire-probe", groupPackage = "dev.polywire.testing.probe")
package dev.polywire.testing.probe;

import io.vertx.codegen.annotations.ModuleGen;
