namespace SeqMnistSweep.Security;

/// <summary>What an account may do, from the least to the most; each may do what those before it may.</summary>
public enum Role
{
    /// <summary>Reads.</summary>
    Viewer,

    /// <summary>Submits sweeps, asks for trials, and acts on sweeps of its own.</summary>
    Submitter,

    /// <summary>Acts on the sweeps of others, drains workers, makes backups; may use the gateway.</summary>
    Operator,

    /// <summary>Gives and takes tokens, join lines and certificates.</summary>
    Admin,
}

/// <summary>What the holder of a certificate is to the cluster: its one organizational unit (OU), in lower case.</summary>
public enum CertificateRole
{
    /// <summary>The head: its silo port, its gateway, its HTTP port.</summary>
    Head,

    /// <summary>A worker's silo.</summary>
    Worker,

    /// <summary>A client of the gateway.</summary>
    Operator,

    /// <summary>A client of the gateway.</summary>
    Admin,
}
