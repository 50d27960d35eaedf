import{O as e,T as t,_ as n,b as r,n as i}from"./route-Bv4LIYdZ.js";import{a}from"./api-Bk3Pqe8B.js";var o=`version: 1
name: my-sweep
method: random
run_cap: 20
metric: {name: val_accuracy, goal: maximize}
parameters:
  dataset: {value: glyphs}
  levels: {values: [6, 7, 8]}
  lr: {distribution: log_uniform_values, min: 0.0005, max: 0.01}
  epochs: {value: 3}
`,s=`draft`;function c({place:s}){let[c,l]=t(s.get(`draft`)?sessionStorage.getItem(`draft`)??o:o),[u,d]=t(!1),[f,p]=t(!1),[m,h]=t(null);return r(e,{children:[r(`div`,{class:`title`,children:[r(`h1`,{children:`New sweep`}),r(`span`,{class:`dim`,children:[`a sweep file; `,r(`code`,{children:`seqsweep explain KEY`}),` says what a key takes`]})]}),r(`form`,{onSubmit:async e=>{e.preventDefault(),p(!0),h(null);try{let{sweep:e}=await a(`sweeps`,{source:c,file_name:`dashboard.yaml`,new:!0,paused:u,by:`dashboard`});i(`/s/${e}`)}catch(e){h(e),p(!1)}},children:[r(`label`,{class:`block`,children:[r(`span`,{class:`hidden`,children:`Sweep file`}),r(`textarea`,{class:`code`,rows:20,spellcheck:!1,value:c,onInput:e=>l(e.currentTarget.value)})]}),r(`div`,{class:`tools`,children:[r(`button`,{type:`submit`,class:`primary`,disabled:f,children:f?`Submitting …`:`Submit`}),r(`label`,{class:`check`,children:[r(`input`,{type:`checkbox`,checked:u,onChange:()=>d(!u)}),` paused: no trial starts before somebody resumes it`]})]})]}),m?r(n,{error:m}):null,m?.findings?r(`ul`,{class:`findings`,role:`alert`,children:m.findings.map((e,t)=>r(`li`,{class:e.severity,children:[r(`strong`,{children:[e.severity,` `,e.code]}),` `,`line `,e.line,`, column `,e.column,`: `,e.message,e.reason?r(`span`,{children:[` – `,e.reason]}):null,e.help?r(`div`,{class:`dim`,children:e.help}):null]},t))}):null]})}export{c as n,s as t};