Console.WriteLine("seqsweep");
return 0;
